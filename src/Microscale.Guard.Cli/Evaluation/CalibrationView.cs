using Microscale.Guard.Evaluation;

namespace Microscale.Guard.Cli.Evaluation;

/// <summary>What <c>microscale calibrate --json</c> prints.</summary>
internal sealed record CalibrationView(
    int Fitted, int Correct, int Tested, double EceBefore, double EceAfter, double BrierBefore, double BrierAfter, IReadOnlyList<GuaranteeView> Guarantees)
{
    public static CalibrationView Of(CalibrationOutcome outcome) => new(
        outcome.Artefact.SampleCount,
        outcome.Artefact.CorrectCount,
        outcome.TestCount,
        outcome.EceBefore,
        outcome.EceAfter,
        outcome.BrierBefore,
        outcome.BrierAfter,
        [.. outcome.Guarantees.Select(g => new GuaranteeView(
            g.Guarantee.ErrorRate, g.Guarantee.Delta, g.Guarantee.IsFeasible, g.Guarantee.Threshold, g.Guarantee.Coverage, g.Coverage, g.Risk))]);
}

/// <summary>A guarantee, and how it did on the rows that were kept for testing.</summary>
internal sealed record GuaranteeView(
    double ErrorRate, double? Delta, bool Feasible, double? Threshold, double Coverage, double TestedCoverage, double? TestedRisk);
