using CsCheck;

namespace Microscale.Guard.Evaluation.Tests.Metrics;

internal static class LabelledAnswers
{
    /// <summary>Small samples with many ties; all right and all wrong ones are among them.</summary>
    public static readonly Gen<LabelledScore[]> WithTies =
        Gen.Select(Gen.Int[0, 4], Gen.Bool, (score, right) => new LabelledScore(score / 4.0, right)).Array[1, 12];

    /// <summary>Samples of any scores.</summary>
    public static readonly Gen<LabelledScore[]> Any =
        Gen.Select(Gen.Double[0, 1], Gen.Bool, (score, right) => new LabelledScore(score, right)).Array[1, 200];

    /// <summary>Samples of scores that are exact in binary, so that bins of any number divide them as on paper.</summary>
    public static readonly Gen<LabelledScore[]> Exact =
        Gen.Select(Gen.Int[0, 1024], Gen.Bool, (score, right) => new LabelledScore(score / 1024.0, right)).Array[1, 100];

    /// <summary>"0.9+ 0.4-" is a right answer with 0.9 and a wrong one with 0.4.</summary>
    public static LabelledScore[] Of(string text) =>
        [.. text.Split(' ').Select(t => new LabelledScore(double.Parse(t[..^1]), t[^1] == '+'))];

    /// <summary>The mean of a figure over every order of the answers that keeps higher scores before lower ones, as far as a
    /// figure is decided by the labels in their order.</summary>
    public static double MeanOverTies(LabelledScore[] answers, Func<bool[], double> figure)
    {
        var orders = new List<bool[]> { Array.Empty<bool>() };
        foreach (var group in answers.GroupBy(a => a.Score).OrderByDescending(g => g.Key))
        {
            var arrangements = Arrange(group.Count(a => a.IsCorrect), group.Count(a => !a.IsCorrect)).ToList();
            orders = [.. orders.SelectMany(o => arrangements.Select(a => (bool[])[.. o, .. a]))];
        }

        return orders.Average(figure);
    }

    private static IEnumerable<bool[]> Arrange(int right, int wrong)
    {
        if (right + wrong == 0)
        {
            return [[]];
        }

        var first = right > 0 ? Arrange(right - 1, wrong).Select(r => (bool[])[true, .. r]) : [];
        var second = wrong > 0 ? Arrange(right, wrong - 1).Select(r => (bool[])[false, .. r]) : [];
        return first.Concat(second);
    }
}
