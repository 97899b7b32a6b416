using System.Collections.Frozen;

namespace Microscale.Guard.Onnx;

/// <summary>What a chat request asks of the decoder, checked.</summary>
/// <param name="Prompt">The conversation as tokens.</param>
/// <param name="Sampling">How tokens are chosen.</param>
/// <param name="MaxTokens">The longest answer, in tokens; at least 1.</param>
/// <param name="StopSequences">Texts that end the answer.</param>
/// <param name="TopLogProbabilities">How many alternatives to report with each token's log-probability; null for no
/// log-probabilities.</param>
internal sealed record GenerationRequest(
    int[] Prompt, SamplingSettings Sampling, int MaxTokens, IReadOnlyList<string> StopSequences, int? TopLogProbabilities)
{
    /// <summary>Reads the calls of tools out of the answer; null when there are no tools.</summary>
    public ToolCallReader? ToolCalls { get; init; }

    /// <summary>The control tokens that are a part of calls, so that they do not end the answer.</summary>
    public IReadOnlySet<int> CallMarks { get; init; } = FrozenSet<int>.Empty;
}
