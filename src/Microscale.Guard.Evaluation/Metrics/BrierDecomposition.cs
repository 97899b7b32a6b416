namespace Microscale.Guard.Evaluation;

/// <summary>What a Brier score is made of: reliability − resolution + uncertainty + within bins.</summary>
/// <param name="Reliability">How far the scores of a bin are from its share of right answers; 0 is calibrated.</param>
/// <param name="Resolution">How far the bins' shares of right answers are from that of all; higher is better.</param>
/// <param name="Uncertainty">acc · (1 − acc): what is due to the questions.</param>
/// <param name="WithinBins">What scores tell within their bins; 0 where each bin holds one score.</param>
/// <remarks>Murphy 1973, "A new vector partition of the probability score"; the last term, which makes the sum exact for any bins,
/// by Stephenson, Coelho and Jolliffe 2008, "Two extra components in the Brier score decomposition".</remarks>
public readonly record struct BrierDecomposition(double Reliability, double Resolution, double Uncertainty, double WithinBins)
{
    /// <summary>The Brier score.</summary>
    public double Score => Reliability - Resolution + Uncertainty + WithinBins;
}
