namespace Microscale.Guard.Analyzers;

/// <summary>The ids of all rules, and where their pages are.</summary>
internal static class RuleIds
{
    public const string UnguardedCall = "MSG001";
    public const string GuardNotProvable = "MSG002";
    public const string UnguardedRegistration = "MSG003";
    public const string BrokenPromise = "MSG004";
    public const string WrongOrder = "MSG005";
    public const string VerdictIgnored = "MSG006";
    public const string UncalibratedThreshold = "MSG007";
    public const string FailOpen = "MSG008";
    public const string PassThroughStreaming = "MSG009";
    public const string BypassWithoutReason = "MSG010";
    public const string SensitiveTelemetry = "MSG011";

    /// <summary>The category of all rules.</summary>
    public const string Category = "Reliability";

    /// <summary>The page of a rule, relative to the repository's root.</summary>
    public static string Page(string id) => "docs/rules/" + id + ".md";
}
