namespace Microscale.Guard.Tests.Calibration;

/// <summary>Labelled answers and calibrations for tests.</summary>
internal static class Labelled
{
    public static readonly CalibrationPipeline Pipeline = new("scripted", "scripted", null);

    /// <summary>Answers with uniform scores that are wrong with a probability that depends on the score.</summary>
    public static LabelledScore[] Draw(Random random, int count, Func<double, double> risk)
    {
        var pairs = new LabelledScore[count];
        for (var i = 0; i < count; i++)
        {
            var score = random.NextDouble();
            pairs[i] = new(score, random.NextDouble() >= risk(score));
        }

        return pairs;
    }

    /// <summary>A calibration on 300 answers, of which those with a score of at least 0.4 are right.</summary>
    public static CalibrationArtefact Artefact(CalibrationPipeline? pipeline = null, CalibrationOptions? options = null) =>
        CalibrationArtefact.Fit(Enumerable.Range(0, 300).Select(i => new LabelledScore(i / 299.0, i >= 120)), pipeline ?? Pipeline, options);
}
