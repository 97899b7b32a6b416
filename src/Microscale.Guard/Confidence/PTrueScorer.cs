using System.Text;
using Microsoft.Extensions.AI;

namespace Microscale.Guard;

/// <summary>Scores an answer by how probable the model finds that it is true; see <see cref="Confidence.PTrue"/>.</summary>
internal sealed class PTrueScorer : IConfidenceScorer
{
    private const string Question = "Is the answer above true or false? Reply with one word: True or False.";

    /// <summary>Enough for the two replies in their spellings; some servers refuse more.</summary>
    private const int Alternatives = 5;

    public string Name => "p_true";

    public ScorerNeeds Needs => ScorerNeeds.ModelCalls | ScorerNeeds.LogProbabilities;

    public ScorerCost Cost => new() { ModelCalls = 1, OutputTokens = FollowUp.MaxOutputTokens };

    public async ValueTask<ConfidenceScore> ScoreAsync(ConfidenceContext context, CancellationToken cancellationToken = default)
    {
        if (Unavailability.OfModel(context) is { } reason)
        {
            return ConfidenceScore.Unavailable(Name, reason);
        }

        var model = context.Model!;
        var messages = FollowUp.Ask(context, Question);
        var options = model.CreateOptions(FollowUp.MaxOutputTokens);
        if (model.ContinuationScorer is { } scorer)
        {
            var continuations = await scorer.ScoreContinuationsAsync(messages, ["True", "False"], options, cancellationToken);
            var logarithms = continuations.Select(TokenProbabilityScorer.LogProbability).ToArray();
            return new ConfidenceScore(Name, 1 / (1 + Math.Exp(logarithms[1] - logarithms[0])))
            {
                Explanation = "By the probabilities of both replies.",
            };
        }

        options.RequestLogProbabilities(Alternatives);
        var reply = await model.AskAsync(messages, options, cancellationToken);
        return reply.GetLogProbabilities() is { } tokens
            ? Read(tokens)
            : ConfidenceScore.Unavailable(Name, "The reply has no log-probabilities. Use a model client that gives them, or Confidence.Verbalized, which needs none.");
    }

    /// <summary>Reads the first token that is a word.</summary>
    private ConfidenceScore Read(IReadOnlyList<TokenLogProbability> tokens)
    {
        if (tokens.FirstOrDefault(t => Word(t.Utf8Bytes).Length > 0) is { } first)
        {
            IReadOnlyList<TokenAlternative> places = first.TopAlternatives.Count > 0
                ? first.TopAlternatives
                : [new TokenAlternative(first.Utf8Bytes, first.LogProbability)];
            var (yes, no) = (Probability(places, "true"), Probability(places, "false"));
            if (yes + no > 0)
            {
                // Where only one of them is known, the other has at most the rest.
                var value = yes == 0 ? 1 - no : no == 0 ? yes : yes / (yes + no);
                return new ConfidenceScore(Name, Math.Clamp(value, 0, 1)) { Explanation = "By the probabilities in one reply." };
            }
        }

        return ConfidenceScore.Unavailable(Name, "The model replied neither True nor False when it was asked about its answer.");
    }

    private static double Probability(IReadOnlyList<TokenAlternative> places, string reply) => places
        .Where(p => Word(p.Utf8Bytes) is { Length: > 0 } word && reply.StartsWith(word, StringComparison.Ordinal))
        .Sum(p => Math.Exp(p.LogProbability));

    private static string Word(ReadOnlyMemory<byte> utf8) =>
        new string([.. Encoding.UTF8.GetString(utf8.Span).Where(char.IsLetterOrDigit)]).ToLowerInvariant();
}
