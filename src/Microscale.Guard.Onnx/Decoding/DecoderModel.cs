using Microsoft.ML.OnnxRuntime;

namespace Microscale.Guard.Onnx;

/// <summary>A decoder with its session, shared by all sequences that are being made.</summary>
/// <remarks>Safe for concurrent callers, each between <see cref="Enter"/> and <see cref="Exit"/>. The session is loaded by the first
/// that needs it; the configuration is there before.</remarks>
internal sealed class DecoderModel : IDecoder, IDisposable
{
    public const string IdsName = "input_ids";
    public const string MaskName = "attention_mask";
    public const string LogitsName = "logits";
    public const string LogitsToKeepName = "num_logits_to_keep";

    private readonly ModelFolder _folder;
    private readonly string _file;
    private readonly bool _directSteps;
    private readonly SharedSession _session;
    private readonly Lock _loading = new();
    private bool _isLoaded;

    /// <summary>Reads the configuration of a model.</summary>
    /// <param name="folder">The folder of the model.</param>
    /// <param name="threadCount">The threads of one run; null for one a physical core.</param>
    /// <param name="allowSpinning">Whether threads that wait within a run spin.</param>
    /// <param name="directSteps">Whether steps of single tokens do without the runtime where they can.</param>
    /// <exception cref="ModelFolderException">A file is missing, or the configuration is damaged.</exception>
    public DecoderModel(ModelFolder folder, int? threadCount, bool allowSpinning, bool directSteps = true)
    {
        (_folder, _directSteps) = (folder, directSteps);
        _file = DecoderConfig.RequireFiles(folder);
        Config = DecoderConfig.Read(folder);
        (Threads, AllowSpinning) = (threadCount ?? PhysicalCores.Count, allowSpinning);
        _session = new SharedSession(folder, threadCount, allowSpinning, typeof(OnnxChatClient), _file);
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

    /// <summary>The inputs and outputs of the graph; known when it is loaded.</summary>
    public DecoderLayout Layout { get; private set; } = null!;

    public InferenceSession Session => _session.Session;

    /// <summary>The inputs that hold keys and values, keys before values, layer by layer.</summary>
    public IReadOnlyList<string> PastNames => Layout.PastNames;

    /// <summary>The outputs that hold keys and values, in the same order.</summary>
    public IReadOnlyList<string> PresentNames => Layout.PresentNames;

    /// <summary>Loads the graph now.</summary>
    /// <exception cref="ModelFolderException">A file is damaged, or the graph is of another kind.</exception>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public void Load()
    {
        Enter();
        try
        {
            EnsureLoaded();
        }
        finally
        {
            Exit();
        }
    }

    /// <inheritdoc />
    public SequenceBatch CreateBatch()
    {
        EnsureLoaded();
        return Layout.SharesBuffer ? new SharedBufferBatch(this) : new ConcatenatedBatch(this);
    }

    /// <inheritdoc cref="SharedSession.Enter"/>
    public void Enter() => _session.Enter();

    /// <inheritdoc cref="SharedSession.Exit"/>
    public void Exit() => _session.Exit();

    /// <inheritdoc cref="SharedSession.ThrowIfDisposed"/>
    public void ThrowIfDisposed() => _session.ThrowIfDisposed();

    public void Dispose() => _session.Dispose();

    private void EnsureLoaded()
    {
        lock (_loading)
        {
            if (!_isLoaded)
            {
                ReadLayout();
                (DirectWeights, DirectFault) = _directSteps ? _session.GetDirectWeights(LoadDirectWeights) : default;
                _isLoaded = true;
            }
        }
    }

    private (DirectWeights? Weights, string? Fault) LoadDirectWeights()
    {
        if (!Layout.SharesBuffer)
        {
            return (null, "keys and values are not read and written in one buffer");
        }

        try
        {
            return (DirectWeights.Load(_folder.File(_file), Layout, Config), null);
        }
        catch (Exception exception) when (exception is FormatException or IOException)
        {
            return (null, exception.Message);
        }
    }

    private void ReadLayout()
    {
        var session = Session;
        try
        {
            (Layout, Config) = DecoderLayout.Read(session, Config, _folder.File(_file));
        }
        catch (FormatException exception)
        {
            throw ModelFolderException.For(_folder.Path, [], [_file], $"; the graph cannot be used as a chat model: {exception.Message}", exception);
        }
    }
}
