using Microsoft.Extensions.Logging;

namespace Microscale.Guard;

/// <summary>Log messages of verification; without content.</summary>
internal static partial class VerificationLog
{
    [LoggerMessage(LogLevel.Warning, "Verifier {Verifier} failed ({ErrorType}): the {ClaimCount} claims it was asked about count as unverifiable.")]
    public static partial void VerifierFailed(this ILogger logger, string verifier, string errorType, int claimCount);

    [LoggerMessage(LogLevel.Warning, "The verdict cache failed ({ErrorType}); this answer is judged without it.")]
    public static partial void VerdictCacheFailed(this ILogger logger, string errorType);

    [LoggerMessage(LogLevel.Debug, "Verified {ClaimCount} claims in {Milliseconds} ms: {SupportedCount} supported, {ContradictedCount} contradicted.")]
    public static partial void Verified(this ILogger logger, int claimCount, double milliseconds, int supportedCount, int contradictedCount);
}
