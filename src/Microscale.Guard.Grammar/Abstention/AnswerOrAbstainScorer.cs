using System.Text;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Grammar;

/// <summary>Scores an answer by how probable it was at the token where answering and abstaining part; see
/// <see cref="AnswerOrAbstain.CreateScorer"/>.</summary>
internal sealed class AnswerOrAbstainScorer(string answerStart, string unknownStart) : IConfidenceScorer
{
    /// <summary>What both ways begin with.</summary>
    private readonly int _shared = answerStart.AsSpan().CommonPrefixLength(unknownStart);

    public string Name => "answer_or_abstain";

    public ScorerNeeds Needs => ScorerNeeds.LogProbabilities;

    public async ValueTask<ConfidenceScore> ScoreAsync(ConfidenceContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (!context.Text.StartsWith(answerStart, StringComparison.Ordinal) && !context.Text.StartsWith(unknownStart, StringComparison.Ordinal))
        {
            return ConfidenceScore.Unavailable(Name, "The answer is no text of AnswerOrAbstain: constrain it to AnswerOrAbstain.Definition.");
        }

        if (context.Model is { Obstacle: null, ContinuationScorer: { } model } asked && context.Messages.Count > 0)
        {
            var ways = await model.ScoreContinuationsAsync(context.Messages, [answerStart, unknownStart], asked.CreateOptions(1), cancellationToken);
            var logarithms = ways.Select(tokens => tokens.Sum(token => Math.Min(0, token.LogProbability))).ToArray();
            return new ConfidenceScore(Name, 1 / (1 + Math.Exp(logarithms[1] - logarithms[0]))) { Explanation = "By the probabilities of both ways." };
        }

        return Branch(context.Tokens ?? []) is var (answer, unknown) && answer + unknown > 0
            ? new ConfidenceScore(Name, answer / (answer + unknown)) { Explanation = "By the alternatives of the token at which the ways part." }
            : ConfidenceScore.Unavailable(Name, "The model neither scores continuations nor names both ways among the alternatives of its tokens: raise ConfidenceOptions.TopAlternatives.");
    }

    /// <summary>The probabilities of the two ways at the first token that decides between them.</summary>
    private (double Answer, double Unknown) Branch(IReadOnlyList<TokenLogProbability> tokens)
    {
        var before = "";
        foreach (var token in tokens)
        {
            var text = before + Encoding.UTF8.GetString(token.Utf8Bytes.Span);
            if (text.Length > _shared)
            {
                IEnumerable<TokenAlternative> places = token.TopAlternatives.Any(a => a.Utf8Bytes.Span.SequenceEqual(token.Utf8Bytes.Span))
                    ? token.TopAlternatives
                    : [.. token.TopAlternatives, new TokenAlternative(token.Utf8Bytes, token.LogProbability)];
                var ways = places.Select(place => (Text: before + Encoding.UTF8.GetString(place.Utf8Bytes.Span), Probability: Math.Exp(place.LogProbability)))
                    .Where(place => place.Text.Length > _shared).ToList();
                return (ways.Where(way => Leads(way.Text, answerStart)).Sum(way => way.Probability), ways.Where(way => Leads(way.Text, unknownStart)).Sum(way => way.Probability));
            }

            before = text;
        }

        return default;
    }

    private static bool Leads(string text, string way) => text.StartsWith(way, StringComparison.Ordinal) || way.StartsWith(text, StringComparison.Ordinal);
}
