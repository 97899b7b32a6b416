namespace Microscale.Guard.Evaluation;

/// <summary>A bar of a reliability diagram.</summary>
/// <param name="Low">Its lowest score: the edge of a bin of equal width, the lowest score in a bin of equal mass.</param>
/// <param name="High">Its highest score, likewise.</param>
/// <param name="Count">How many answers are in it; at least 1.</param>
/// <param name="MeanScore">The mean of their scores.</param>
/// <param name="Accuracy">The share of right ones among them.</param>
public readonly record struct ReliabilityBin(double Low, double High, int Count, double MeanScore, double Accuracy)
{
    /// <summary>By how much the scores promise too much; below 0, too little.</summary>
    public double Gap => MeanScore - Accuracy;
}

/// <summary>How scores are divided into bins.</summary>
public enum Binning
{
    /// <summary>Bins of equal width between 0 and 1; a score on an edge is in the higher bin.</summary>
    EqualWidth,

    /// <summary>Bins that hold about equally many answers; equal scores share a bin.</summary>
    EqualMass,
}
