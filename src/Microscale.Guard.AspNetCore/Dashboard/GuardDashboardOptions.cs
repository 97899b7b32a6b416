namespace Microscale.Guard.AspNetCore;

/// <summary>Who may see the dashboard.</summary>
public sealed class GuardDashboardOptions
{
    /// <summary>The authorization policy that a visitor must meet.</summary>
    /// <value>The default value is <see langword="null"/>: the application's default policy, which asks for a signed-in user.</value>
    public string? AuthorizationPolicy { get; set; }

    /// <summary>Whether anybody may see the page and label decisions. Not together with <see cref="AuthorizationPolicy"/>.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool AllowAnonymous { get; set; }
}
