namespace Microscale.Guard.Onnx;

/// <summary>A local model has as many requests as it may have at a time, running and waiting, and takes no further one.</summary>
/// <remarks>Ask again later, or change what the message names. A server may answer with status 429 or 503.</remarks>
public sealed class RequestQueueFullException : InvalidOperationException
{
    /// <summary>Creates an exception without a message of its own.</summary>
    public RequestQueueFullException()
    {
    }

    /// <summary>Creates an exception.</summary>
    /// <param name="message">What is full, and what to do.</param>
    public RequestQueueFullException(string message)
        : base(message)
    {
    }

    /// <summary>Creates an exception.</summary>
    /// <param name="message">What is full, and what to do.</param>
    /// <param name="innerException">What showed it.</param>
    public RequestQueueFullException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal static RequestQueueFullException For(int concurrent, int queued) => new(
        FormattableString.Invariant($"As many requests run and wait as OnnxChatClientOptions.MaxConcurrentRequests ({concurrent}) and ")
        + FormattableString.Invariant($"MaxQueuedRequests ({queued}) allow: send fewer at a time, ask again later, or raise MaxQueuedRequests."));
}
