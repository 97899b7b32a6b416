namespace Microscale.Guard;

/// <summary>When the form of an answer was seen to.</summary>
public enum AnswerFormCheck
{
    /// <summary>While it was written: the model could choose among tokens that keep the form only.</summary>
    Constrained,

    /// <summary>Afterwards: the model was free, and what it wrote was checked.</summary>
    Checked,
}
