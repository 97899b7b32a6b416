namespace Microscale.Guard.Grammar;

/// <summary>How much of a text a pattern has to match.</summary>
internal enum RegexMatch
{
    /// <summary>All of it.</summary>
    Whole,

    /// <summary>Some part of it, as anchors allow.</summary>
    Anywhere,
}
