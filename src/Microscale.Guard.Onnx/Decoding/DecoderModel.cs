using System.Globalization;
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

    private DecoderModel(DecoderConfig config, SharedSession session)
    {
        Config = config;
        _session = session;
        PastNames = Names("past_key_values");
        PresentNames = Names("present");
    }

    public DecoderConfig Config { get; }

    public InferenceSession Session => _session.Session;

    /// <summary>The inputs that hold keys and values, keys before values, layer by layer.</summary>
    public IReadOnlyList<string> PastNames { get; }

    /// <summary>The outputs that hold keys and values, in the same order.</summary>
    public IReadOnlyList<string> PresentNames { get; }

    /// <summary>Loads config.json and model.onnx.</summary>
    /// <param name="folder">The folder of the model.</param>
    /// <param name="threadCount">The threads of one run; null for one a physical core.</param>
    /// <param name="allowSpinning">Whether threads that wait within a run spin.</param>
    /// <exception cref="ModelFolderException">A file is missing or damaged, or the graph is of another kind.</exception>
    public static DecoderModel Load(ModelFolder folder, int? threadCount, bool allowSpinning)
    {
        var config = DecoderConfig.Read(folder);
        var model = new DecoderModel(config, new SharedSession(folder, threadCount, allowSpinning, typeof(OnnxChatClient)));
        try
        {
            model.CheckLayout(folder);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <inheritdoc />
    public SequenceBatch CreateBatch() => new SharedBufferBatch(this);

    /// <inheritdoc cref="SharedSession.Enter"/>
    public void Enter() => _session.Enter();

    /// <inheritdoc cref="SharedSession.Exit"/>
    public void Exit() => _session.Exit();

    /// <inheritdoc cref="SharedSession.ThrowIfDisposed"/>
    public void ThrowIfDisposed() => _session.ThrowIfDisposed();

    public void Dispose() => _session.Dispose();

    private List<string> Names(string prefix) =>
        [.. Enumerable.Range(0, 2 * Config.Layers).Select(i =>
            string.Create(CultureInfo.InvariantCulture, $"{prefix}.{i / 2}.{(i % 2 == 0 ? "key" : "value")}"))];

    private void CheckLayout(ModelFolder folder)
    {
        string[] inputs = [IdsName, MaskName, LogitsToKeepName, .. PastNames];
        string[] outputs = [LogitsName, .. PresentNames];
        var missing = inputs.Except(Session.InputNames).Except(Session.OverridableInitializerMetadata.Keys)
            .Concat(outputs.Except(Session.OutputNames)).ToList();
        var unknown = Session.InputNames.Except(inputs).ToList();
        if (missing.Count + unknown.Count > 0)
        {
            throw ModelFolderException.For(
                folder.Path,
                [],
                [OnnxSessions.ModelFile],
                $"; the graph does not fit {DecoderConfig.FileName}: missing [{string.Join(", ", missing)}], unknown inputs [{string.Join(", ", unknown)}]; "
                + $"use a decoder in the layout of {LocalModels.ChatModel}");
        }
    }
}
