namespace Microscale.Guard.Grammar;

/// <summary>A grammar needs more than its <see cref="GrammarLimits"/> allow. The matcher that threw it cannot go on.</summary>
public sealed class GrammarLimitException : Exception
{
    /// <summary>Creates the exception.</summary>
    public GrammarLimitException()
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">Which limit was met, and what to change.</param>
    public GrammarLimitException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">Which limit was met, and what to change.</param>
    /// <param name="innerException">The cause.</param>
    public GrammarLimitException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
