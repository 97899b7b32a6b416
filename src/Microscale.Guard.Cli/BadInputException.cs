namespace Microscale.Guard.Cli;

/// <summary>The command line or an input asks for something that cannot be; the message says what, and what to do.</summary>
internal sealed class BadInputException : Exception
{
    public BadInputException()
    {
    }

    public BadInputException(string message)
        : base(message)
    {
    }

    public BadInputException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
