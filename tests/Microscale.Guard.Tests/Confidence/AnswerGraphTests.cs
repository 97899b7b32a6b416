using CsCheck;
using static Microscale.Guard.Tests.Scoring.Scoring;

namespace Microscale.Guard.Tests.Scoring;

/// <summary>The degree matrix and the count of semantic sets.</summary>
public class AnswerGraphTests
{
    [Theory]
    [InlineData(1, 1, 1, 1)]
    [InlineData(0, 0, 0, 0)]
    [InlineData(1, 0, 0, 1.0 / 3)]
    [InlineData(0.9, 0.3, 0.6, 0.6)]
    public async Task DegreeMatrix_ThreeAnswers_IsTheMeanOfThePairs(double ab, double ac, double bc, double expected) =>
        Assert.Equal(expected, (await Confidence.DegreeMatrix(2, new Between(ab, ac, bc)).Score(Context("a", null, "", "b", "c")))!.Value, 1e-9);

    [Theory]
    [InlineData(1, 1, 1, 1)] // one meaning
    [InlineData(0, 0, 0, 0)] // three
    [InlineData(1, 0, 0, 0.5)] // two
    public async Task SemanticSets_ThreeAnswers_CountsTheirMeanings(double ab, double ac, double bc, double expected) =>
        Assert.Equal(expected, (await Confidence.SemanticSets(2, new Between(ab, ac, bc)).Score(Context("a", null, "", "b", "c")))!.Value, 1e-9);

    [Fact]
    public async Task SemanticSets_TwoAnswers_IsAsComputedByHand()
    {
        // [[1, s], [s, 1]] / (1 + s) has the eigenvalues 1 and (1 − s) / (1 + s).
        const double S = 0.25;
        var score = await Confidence.SemanticSets(1, new Between(S, 0, 0)).ScoreAsync(Context("a", null, "", "b"));

        Assert.Equal(1 - ((1 - S) / (1 + S)), score.Value!.Value, 1e-9);
        Assert.Equal("1.6 meanings among 2 answers.", score.Explanation);
    }

    [Fact]
    public async Task Graph_SampleWithoutAnAnswer_IsLikeNone()
    {
        Assert.Equal(1.0 / 3, (await Confidence.DegreeMatrix(2).Score(Context("In 1965.", null, "", "In 1965.", "")))!.Value, 1e-9);
        Assert.Equal(0.5, (await Confidence.SemanticSets(2).Score(Context("In 1965.", null, "", "In 1965.", "")))!.Value, 1e-9);
    }

    [Fact]
    public async Task Graph_SimilarityOutOfRange_Throws() => await Assert.ThrowsAsync<InvalidOperationException>(
        () => Confidence.DegreeMatrix(1, new Between(1.5, 0, 0)).Score(Context("a", null, "", "b")));

    [Fact]
    public void SemanticSets_AnyPartition_CountsIts() => Gen.Int[0, 4].Array[2, 8].Sample(meanings =>
    {
        var sets = (meanings.Length - 1) * (1 - Confidence.SemanticSets(meanings.Length - 1, AnswerSimilarity.NonContradiction(
            new Meanings(p => p.Premise[0] == p.Claim[0] ? new(1, 0, 0) : new(0, 0, 1)))).Score(Graph(meanings)).Result!.Value);
        return Math.Abs(sets + 1 - meanings.Distinct().Count()) < 1e-7;
    });

    [Fact]
    public void DegreeMatrix_AnyPartition_IsTheShareOfLikePairs() => Gen.Int[0, 4].Array[2, 8].Sample(meanings =>
    {
        var score = Confidence.DegreeMatrix(meanings.Length - 1, AnswerSimilarity.NonContradiction(
            new Meanings(p => p.Premise[0] == p.Claim[0] ? new(1, 0, 0) : new(0, 0, 1)))).Score(Graph(meanings)).Result!.Value;
        var n = meanings.Length;
        var like = meanings.SelectMany((m, i) => meanings.Skip(i + 1).Where(o => o == m)).Count();
        return Math.Abs(score - (2.0 * like / (n * (n - 1)))) < 1e-9;
    });

    [Fact]
    public void Eigenvalues_AnySymmetricMatrix_SolveItsCharacteristicEquation() => Gen.Double[-2, 2].Array[36].Select(Gen.Int[1, 6]).Sample((cells, n) =>
    {
        double[][] Matrix(double shift)
        {
            var matrix = SquareMatrix.Zero(n);
            for (var i = 0; i < n; i++)
            {
                for (var j = 0; j <= i; j++)
                {
                    matrix[i][j] = matrix[j][i] = cells[(i * 6) + j];
                }

                matrix[i][i] -= shift;
            }

            return matrix;
        }

        var values = SquareMatrix.Eigenvalues(Matrix(0));
        var matrix = Matrix(0);
        return Math.Abs(values.Sum() - Enumerable.Range(0, n).Sum(i => matrix[i][i])) < 1e-9
            && Math.Abs(values.Sum(v => v * v) - matrix.Sum(r => r.Sum(x => x * x))) < 1e-9
            && values.All(v => Math.Abs(Determinant(Matrix(v))) < 1e-6);
    });

    private static ConfidenceContext Graph(int[] meanings) =>
        Context(Text(meanings[0], 0), null, "", [.. meanings.Skip(1).Select((m, i) => Text(m, i + 1))]);

    private static string Text(int meaning, int index) => $"{(char)('a' + meaning)}{index}";

    /// <summary>By expansion along the first row.</summary>
    private static double Determinant(double[][] matrix) => matrix.Length == 0
        ? 1
        : Enumerable.Range(0, matrix.Length).Sum(j => (j % 2 == 0 ? 1 : -1) * matrix[0][j]
            * Determinant([.. matrix.Skip(1).Select(r => r.Where((_, k) => k != j).ToArray())]));

    /// <summary>Given similarities of a and b, a and c, b and c.</summary>
    private sealed class Between(double ab, double ac, double bc) : IAnswerSimilarity
    {
        public string Name => "between";

        public ValueTask<IReadOnlyList<double>> CompareAsync(
            string question, IReadOnlyList<AnswerPair> pairs, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult<IReadOnlyList<double>>([.. pairs.Select(p => (p.First + p.Second) switch { "ab" => ab, "ac" => ac, _ => bc })]);
    }
}
