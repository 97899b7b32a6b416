namespace Microscale.Guard.Onnx;

/// <summary>How a local encoder, which reads texts and does not write any, uses the processor.</summary>
public sealed class OnnxEncoderOptions
{
    /// <summary>The most texts (or pairs) in one run of the model; texts of like length run together.</summary>
    /// <value>At least 1. The default value is 1 for <see cref="OnnxEntailmentModel"/>, whose probabilities then do not depend on
    /// what else is asked, and 16 for <see cref="OnnxEmbeddingGenerator"/>.</value>
    public int? BatchSize { get; set; }

    /// <summary>The threads of one run.</summary>
    /// <value>From 1 to the number of processors. The default value is <see langword="null"/>: as many as the process has physical
    /// cores.</value>
    public int? ThreadCount { get; set; }

    /// <summary>Whether threads that wait for others spin during a run. On an idle machine that is some 10 % faster; beside other
    /// work (a chat model that generates meanwhile) several times slower.</summary>
    /// <value>The default value is <see langword="false"/>. They never spin between runs.</value>
    public bool AllowSpinning { get; set; }

    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range.</exception>
    internal void Validate()
    {
        Check(BatchSize, nameof(BatchSize), int.MaxValue, "at least 1");
        Check(ThreadCount, nameof(ThreadCount), Environment.ProcessorCount, $"from 1 to {Environment.ProcessorCount} (the processors of this machine)");

        static void Check(int? value, string setting, int max, string range)
        {
            if (value < 1 || value > max)
            {
                throw new ArgumentOutOfRangeException(
                    $"{nameof(OnnxEncoderOptions)}.{setting}", value, $"{nameof(OnnxEncoderOptions)}.{setting} must be {range}; leave it null for the default.");
            }
        }
    }
}
