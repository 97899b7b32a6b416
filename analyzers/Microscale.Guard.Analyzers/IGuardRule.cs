using Microsoft.CodeAnalysis;

namespace Microscale.Guard.Analyzers;

/// <summary>One rule. It has no state.</summary>
internal interface IGuardRule
{
    DiagnosticDescriptor Descriptor { get; }

    /// <summary>Says which code the rule looks at.</summary>
    void Register(RuleRegistry registry);
}
