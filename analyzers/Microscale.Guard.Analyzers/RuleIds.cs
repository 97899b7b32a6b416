namespace Microscale.Guard.Analyzers;

/// <summary>The ids of all rules, and where their pages are.</summary>
internal static class RuleIds
{
    /// <summary>A model is called through a client without a guard.</summary>
    public const string UnguardedCall = "MSG001";

    /// <summary>The page of a rule, relative to the repository's root.</summary>
    public static string Page(string id) => "docs/rules/" + id + ".md";
}
