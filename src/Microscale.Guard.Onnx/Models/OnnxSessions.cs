using Microsoft.ML.OnnxRuntime;

namespace Microscale.Guard.Onnx;

/// <summary>Opens sessions of ONNX Runtime on the CPU, all in the same way.</summary>
internal static class OnnxSessions
{
    public const string ModelFile = "model.onnx";

    /// <summary>Loads the graph of a model folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="name">The file of the graph.</param>
    /// <param name="threadCount">The threads of one run; null for one a physical core.</param>
    /// <param name="allowSpinning">Whether waiting threads spin while a run is under way: a little faster alone,
    /// several times slower when another session or process wants the cores. They always stop when it ends.</param>
    /// <exception cref="ModelFolderException">The graph or its weights are missing or cannot be read.</exception>
    public static InferenceSession Open(ModelFolder folder, string name = ModelFile, int? threadCount = null, bool allowSpinning = false)
    {
        var file = folder.File(name);
        using var options = CreateOptions(threadCount, allowSpinning);
        try
        {
            return new InferenceSession(file, options);
        }
        catch (OnnxRuntimeException exception)
        {
            throw ModelFolderException.For(
                folder.Path,
                [],
                [name],
                $"; ONNX Runtime cannot load the graph or the weights beside it: {exception.Message.Trim()}",
                exception);
        }
    }

    /// <summary>The options of a session that runs on the CPU.</summary>
    public static SessionOptions CreateOptions(int? threadCount, bool allowSpinning)
    {
        var options = new SessionOptions
        {
            IntraOpNumThreads = threadCount ?? PhysicalCores.Count,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", allowSpinning ? "1" : "0");

        // Without it threads burn a core each for a while after every run.
        options.AddSessionConfigEntry("session.force_spinning_stop", "1");
        return options;
    }
}
