using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace Microscale.Guard;

/// <summary>Adds verification to a chain of chat clients.</summary>
public static class VerificationChatClientBuilderExtensions
{
    /// <summary>Verifies the claims of each answer with default settings.</summary>
    /// <param name="builder">The chain.</param>
    /// <param name="verifiers">What judges the claims, cheap ones first; at least one.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static ChatClientBuilder UseVerification(this ChatClientBuilder builder, params IClaimVerifier[] verifiers) =>
        builder.UseVerification(verifiers, configure: null);

    /// <summary>Verifies the claims of each answer.</summary>
    /// <param name="builder">The chain.</param>
    /// <param name="verifiers">What judges the claims, cheap ones first; at least one.</param>
    /// <param name="configure">Changes the settings; null for the defaults.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static ChatClientBuilder UseVerification(
        this ChatClientBuilder builder, IReadOnlyList<IClaimVerifier> verifiers, Action<VerificationOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(verifiers);
        var options = new VerificationOptions();
        configure?.Invoke(options);
        return builder.Use((inner, services) => new VerificationChatClient(
            inner, verifiers, options, services.GetService(typeof(ILoggerFactory)) as ILoggerFactory));
    }
}
