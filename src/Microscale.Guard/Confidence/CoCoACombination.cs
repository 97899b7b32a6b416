namespace Microscale.Guard;

/// <summary>How CoCoA combines the probability p of the answer with its mean similarity s to the samples.</summary>
public enum CoCoACombination
{
    /// <summary>exp(−U) = p^(1 − s), where U = −ln p · (1 − s) is the uncertainty of Vashurin et al. 2025: unsure when the
    /// model both doubted its words and says something else when asked again.</summary>
    Uncertainties = 0,

    /// <summary>p · s, as Bouchard and Chauhan 2025 (arXiv 2504.19254) have it: unsure when the model either doubted its words
    /// or says something else when asked again.</summary>
    Confidences,
}
