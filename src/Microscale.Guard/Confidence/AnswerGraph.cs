namespace Microscale.Guard;

/// <summary>How similar an answer and its samples are to each other.</summary>
internal static class AnswerGraph
{
    /// <summary>The pairs that <paramref name="answers"/> answers make.</summary>
    public static int Pairs(int answers) => answers * (answers - 1) / 2;

    /// <summary>The symmetric matrix of similarities, the answer first, with 1 on the diagonal. What is no answer (a tool call,
    /// silence) is similar to none.</summary>
    public static async ValueTask<double[][]> BuildAsync(
        ConfidenceContext context, int samples, IAnswerSimilarity similarity, CancellationToken cancellationToken)
    {
        var drawn = await context.DrawSamplesAsync(samples, cancellationToken);
        string?[] answers = [context.Text, .. drawn.Select(d => Conversation.IsAnswer(d) ? d.Text : null)];
        List<(int Row, int Column)> places = [];
        List<AnswerPair> pairs = [];
        for (var i = 0; i < answers.Length; i++)
        {
            for (var j = i + 1; j < answers.Length; j++)
            {
                if (answers[i] is { } first && answers[j] is { } second)
                {
                    places.Add((i, j));
                    pairs.Add(new AnswerPair(first, second));
                }
            }
        }

        var similarities = await similarity.CompareCheckedAsync(context.Question, pairs, cancellationToken);
        var matrix = SquareMatrix.Zero(answers.Length);
        for (var i = 0; i < answers.Length; i++)
        {
            matrix[i][i] = 1;
        }

        foreach (var ((row, column), value) in places.Zip(similarities))
        {
            matrix[row][column] = matrix[column][row] = value;
        }

        return matrix;
    }
}
