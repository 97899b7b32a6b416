namespace Microscale.Guard;

/// <summary>Puts answers that mean the same into one cluster.</summary>
internal static class SemanticClusters
{
    /// <summary>The most pairs that the entailment model reads for a number of answers.</summary>
    public static int EntailmentPairs(int answers) => answers * (answers - 1);

    /// <summary>The cluster of each answer, numbered in order of appearance.</summary>
    /// <remarks>Greedy, as Kuhn et al. 2023 (arXiv 2302.09664, algorithm 1): an answer joins the first cluster whose first
    /// member it entails and is entailed by, or else begins one. "Entails" means that entailment is more probable than
    /// neutrality and than contradiction. An answer without text means nothing that another means.</remarks>
    public static async ValueTask<int[]> FindAsync(
        IEntailmentModel model, string question, IReadOnlyList<string?> answers, CancellationToken cancellationToken)
    {
        List<string?> first = [];
        var clusters = new int[answers.Count];
        for (var i = 0; i < clusters.Length; i++)
        {
            clusters[i] = await JoinAsync(answers[i]);
            if (clusters[i] == first.Count)
            {
                first.Add(answers[i]);
            }
        }

        return clusters;

        async ValueTask<int> JoinAsync(string? answer)
        {
            if (answer is null)
            {
                return first.Count;
            }

            if (first.IndexOf(answer) is >= 0 and var same)
            {
                return same;
            }

            int[] candidates = [.. Enumerable.Range(0, first.Count).Where(c => first[c] is not null)];
            var scores = await AnswerEntailment.ClassifyAsync(
                model, question, [.. candidates.Select(c => new AnswerPair(first[c]!, answer))], cancellationToken);
            var found = Enumerable.Range(0, candidates.Length).FirstOrDefault(i => Entails(scores[i].Forth) && Entails(scores[i].Back), -1);
            return found < 0 ? first.Count : candidates[found];
        }
    }

    private static bool Entails(EntailmentScores scores) => scores.Entailment > Math.Max(scores.Neutral, scores.Contradiction);
}
