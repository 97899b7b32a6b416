using Microsoft.Extensions.Logging;

namespace Microscale.Guard;

/// <summary>The log messages of <see cref="ConfidenceChatClient"/>; none holds content.</summary>
internal static partial class ConfidenceLog
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "The scorer {Scorer} gave {Value}.")]
    public static partial void Scored(ILogger logger, string scorer, double value);

    [LoggerMessage(Level = LogLevel.Information, Message = "The scorer {Scorer} gave no score; the report says why.")]
    public static partial void Unavailable(ILogger logger, string scorer);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The scorer {Scorer} failed with {ErrorType}; the confidence is not available.")]
    public static partial void Failed(ILogger logger, string scorer, string errorType);
}
