namespace Microscale.Guard.Evaluation;

/// <summary>A pipeline failed on a row, and the run ended. What was done before is in the journal.</summary>
public sealed class EvaluationException : Exception
{
    /// <summary>Creates the exception.</summary>
    public EvaluationException()
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What failed, and where.</param>
    public EvaluationException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What failed, and where.</param>
    /// <param name="innerException">The failure.</param>
    public EvaluationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
