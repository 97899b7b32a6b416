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
    /// <summary>The tools that the answer may call; null for none.</summary>
    public ToolRequest? Tools { get; init; }

    /// <summary>The control tokens that are a part of calls, so that they do not end the answer.</summary>
    public IReadOnlySet<int> CallMarks { get; init; } = FrozenSet<int>.Empty;

    /// <summary>Whether a blank at the beginning of the answer is the tokenizer's, not the text's.</summary>
    public bool StripsFirstBlank { get; init; }

    /// <summary>The constraint of the answer, made anew for each; null for none.</summary>
    public Func<ITokenConstraint>? Constraint { get; init; }

    /// <summary>How the answer is held to a form; null for no form.</summary>
    public AnswerForm? Form { get; init; }

    /// <summary>Whether the form is that of calls, and text beside them is free.</summary>
    public bool IsTextFree { get; init; }

    /// <summary>The same request with a seed of its own, so that samples differ.</summary>
    public GenerationRequest ForSample(int index) =>
        Sampling.Seed is { } seed ? this with { Sampling = Sampling with { Seed = SeededRandom.Derive(seed, index) } } : this;

    /// <summary>The work that makes one answer.</summary>
    /// <param name="sink">Takes the tokens.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="keepsAnswer">Whether the answer may become the beginning of another prompt.</param>
    /// <param name="followers">Answers to the same prompt.</param>
    public GeneratedSequence CreateSequence(
        ITokenSink sink, CancellationToken cancellationToken, bool keepsAnswer = true, IReadOnlyList<GeneratedSequence>? followers = null) =>
        new(Prompt, Sampling, MaxTokens, sink, Constraint?.Invoke(), cancellationToken) { KeepsAnswer = keepsAnswer, Followers = followers ?? [] };
}
