using Microsoft.Extensions.Logging;

namespace Microscale.Guard;

/// <summary>What a grounding tells its log; never content.</summary>
internal static partial class GroundingLog
{
    [LoggerMessage(LogLevel.Debug, "{Source} found {Count} passages in {Milliseconds} ms.")]
    public static partial void LogFound(this ILogger logger, string source, int count, double milliseconds);

    [LoggerMessage(LogLevel.Warning, "{Source} failed to find evidence: {ErrorType}. The request goes on without it, marked as failed.")]
    public static partial void LogFailed(this ILogger logger, string source, string errorType);

    [LoggerMessage(LogLevel.Warning, "The answer cites {Count} passages that do not exist.")]
    public static partial void LogInventedCitations(this ILogger logger, int count);
}
