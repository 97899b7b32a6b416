using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.ML.OnnxRuntime;

namespace Microscale.Guard.Onnx;

/// <summary>A decoder with its session, shared by all sequences that are being made.</summary>
/// <remarks>Safe for concurrent callers. The session ends with the last use: <see cref="Dispose"/> ends it at once only when
/// nobody is between <see cref="Enter"/> and <see cref="Exit"/>.</remarks>
internal sealed class DecoderModel : IDisposable
{
    public const string IdsName = "input_ids";
    public const string MaskName = "attention_mask";
    public const string LogitsName = "logits";
    public const string LogitsToKeepName = "num_logits_to_keep";

    private readonly Lock _lock = new();
    private int _users;
    private bool _disposed;

    private DecoderModel(DecoderConfig config, InferenceSession session)
    {
        Config = config;
        Session = session;
        PastNames = Names("past_key_values");
        PresentNames = Names("present");
    }

    public DecoderConfig Config { get; }

    public InferenceSession Session { get; }

    /// <summary>The inputs that hold keys and values, in the order of <see cref="KeyValueBuffers"/>.</summary>
    public IReadOnlyList<string> PastNames { get; }

    /// <summary>The outputs that hold keys and values, in the same order.</summary>
    public IReadOnlyList<string> PresentNames { get; }

    /// <summary>Loads config.json and model.onnx.</summary>
    /// <exception cref="InvalidDataException">A file is damaged or missing.</exception>
    /// <exception cref="NotSupportedException">The graph has other inputs than expected.</exception>
    public static DecoderModel Load(string modelFolder, int intraOpThreads, bool spin)
    {
        var config = DecoderConfig.Read(modelFolder);
        using var options = new SessionOptions
        {
            IntraOpNumThreads = intraOpThreads,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };

        // Threads that spin between two operators make a step about a fifth faster; they stop when the run ends.
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", spin ? "1" : "0");
        options.AddSessionConfigEntry("session.force_spinning_stop", "1");
        var session = Open(Path.Combine(modelFolder, "model.onnx"), options);
        try
        {
            var model = new DecoderModel(config, session);
            model.CheckLayout(modelFolder);
            return model;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Keeps the session until <see cref="Exit"/>.</summary>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public void Enter()
    {
        lock (_lock)
        {
            ThrowIfDisposed();
            _users++;
        }
    }

    /// <exception cref="ObjectDisposedException">The model is disposed, its session perhaps still in use.</exception>
    public void ThrowIfDisposed()
    {
        if (Volatile.Read(ref _disposed))
        {
            throw new ObjectDisposedException(
                nameof(OnnxChatClient), "The chat client is disposed: dispose it after its last request, or create another one.");
        }
    }

    /// <summary>Ends one <see cref="Enter"/>.</summary>
    public void Exit()
    {
        lock (_lock)
        {
            _users--;
            DisposeUnused();
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            DisposeUnused();
        }
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "The caller owns the session.")]
    private static InferenceSession Open(string path, SessionOptions options)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"The model folder has no model.onnx ('{path}'): copy the whole folder of the model.", path);
        }

        try
        {
            return new InferenceSession(path, options);
        }
        catch (OnnxRuntimeException exception)
        {
            throw new InvalidDataException(
                $"ONNX Runtime cannot load '{path}' ({exception.Message.Trim()}): the graph or a weight file beside it is damaged, cut short or missing. "
                + "Compare the folder with its SHA256SUMS and fetch what differs.",
                exception);
        }
    }

    private void DisposeUnused()
    {
        if (_disposed && _users == 0)
        {
            Session.Dispose();
        }
    }

    private List<string> Names(string prefix) =>
        [.. Enumerable.Range(0, 2 * Config.Layers).Select(i =>
            string.Create(CultureInfo.InvariantCulture, $"{prefix}.{i / 2}.{(i % 2 == 0 ? "key" : "value")}"))];

    private void CheckLayout(string modelFolder)
    {
        string[] inputs = [IdsName, MaskName, LogitsToKeepName, .. PastNames];
        string[] outputs = [LogitsName, .. PresentNames];
        var missing = inputs.Except(Session.InputNames).Except(Session.OverridableInitializerMetadata.Keys)
            .Concat(outputs.Except(Session.OutputNames)).ToList();
        var unknown = Session.InputNames.Except(inputs).ToList();
        if (missing.Count + unknown.Count > 0)
        {
            throw new NotSupportedException(
                $"The graph in '{modelFolder}' does not fit: missing [{string.Join(", ", missing)}], unknown inputs [{string.Join(", ", unknown)}]. "
                + "Use a decoder whose config.json belongs to its graph, in the layout of models/smollm2-135m-instruct-int8.");
        }
    }
}
