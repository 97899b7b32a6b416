using Microsoft.ML.OnnxRuntime;

namespace Microscale.Guard.Onnx;

/// <summary>A decoder with its session, shared by all sequences that are being made.</summary>
/// <remarks>Safe for concurrent callers, each between <see cref="Enter"/> and <see cref="Exit"/>.</remarks>
internal sealed class DecoderModel : IDecoder, IDisposable
{
    public const string IdsName = "input_ids";
    public const string MaskName = "attention_mask";
    public const string LogitsName = "logits";
    public const string LogitsToKeepName = "num_logits_to_keep";

    private readonly SharedSession _session;

    private DecoderModel(DecoderConfig config, SharedSession session, int threads, bool allowSpinning)
    {
        Config = config;
        _session = session;
        (Threads, AllowSpinning) = (threads, allowSpinning);
    }

    /// <summary>The threads of one run.</summary>
    public int Threads { get; }

    /// <summary>Whether threads that wait within a run spin.</summary>
    public bool AllowSpinning { get; }

    /// <summary>The weights for steps without the runtime; null where the graph has something that these do not know, or they are
    /// not wanted.</summary>
    public DirectWeights? DirectWeights { get; private set; }

    /// <summary>Why there are none, though they are wanted.</summary>
    public string? DirectFault { get; private set; }

    public DecoderConfig Config { get; private set; }

    /// <summary>The inputs and outputs of the graph.</summary>
    public DecoderLayout Layout { get; private set; } = null!;

    public InferenceSession Session => _session.Session;

    /// <summary>The inputs that hold keys and values, keys before values, layer by layer.</summary>
    public IReadOnlyList<string> PastNames => Layout.PastNames;

    /// <summary>The outputs that hold keys and values, in the same order.</summary>
    public IReadOnlyList<string> PresentNames => Layout.PresentNames;

    /// <summary>Loads the configuration and the graph.</summary>
    /// <param name="folder">The folder of the model.</param>
    /// <param name="threadCount">The threads of one run; null for one a physical core.</param>
    /// <param name="allowSpinning">Whether threads that wait within a run spin.</param>
    /// <param name="directSteps">Whether steps of single tokens do without the runtime where they can.</param>
    /// <exception cref="ModelFolderException">A file is missing or damaged, or the graph is of another kind.</exception>
    public static DecoderModel Load(ModelFolder folder, int? threadCount, bool allowSpinning, bool directSteps = true)
    {
        var file = DecoderConfig.RequireFiles(folder);
        var config = DecoderConfig.Read(folder);
        var model = new DecoderModel(config, new SharedSession(folder, threadCount, allowSpinning, typeof(OnnxChatClient), file), threadCount ?? PhysicalCores.Count, allowSpinning);
        try
        {
            model.ReadLayout(folder, file);
            if (directSteps)
            {
                model.DirectWeights = model._session.GetDirectWeights(() => model.LoadDirectWeights(folder.File(file)));
            }

            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <inheritdoc />
    public SequenceBatch CreateBatch() => Layout.SharesBuffer ? new SharedBufferBatch(this) : new ConcatenatedBatch(this);

    /// <inheritdoc cref="SharedSession.Enter"/>
    public void Enter() => _session.Enter();

    /// <inheritdoc cref="SharedSession.Exit"/>
    public void Exit() => _session.Exit();

    /// <inheritdoc cref="SharedSession.ThrowIfDisposed"/>
    public void ThrowIfDisposed() => _session.ThrowIfDisposed();

    public void Dispose() => _session.Dispose();

    private DirectWeights? LoadDirectWeights(string file)
    {
        if (!Layout.SharesBuffer)
        {
            DirectFault = "keys and values are not read and written in one buffer";
            return null;
        }

        try
        {
            return DirectWeights.Load(file, Layout, Config);
        }
        catch (Exception exception) when (exception is FormatException or IOException)
        {
            DirectFault = exception.Message;
            return null;
        }
    }

    private void ReadLayout(ModelFolder folder, string file)
    {
        try
        {
            (Layout, Config) = DecoderLayout.Read(Session, Config, folder.File(file));
        }
        catch (FormatException exception)
        {
            throw ModelFolderException.For(folder.Path, [], [file], $"; the graph cannot be used as a chat model: {exception.Message}", exception);
        }
    }
}
