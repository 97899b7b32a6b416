namespace Microscale.Guard;

/// <summary>How a streamed answer is let through.</summary>
public enum StreamingMode
{
    /// <summary>A sentence is released as soon as what the policy needs covers it and the policy delivers it.</summary>
    SentenceGated,

    /// <summary>The whole answer is released at its end.</summary>
    Buffered,

    /// <summary>Text passes as it comes, before its verdict; the last update has the report with the decision on it. Not fail
    /// closed: for readers that can take back, or mark, what they showed.</summary>
    PassThrough,
}
