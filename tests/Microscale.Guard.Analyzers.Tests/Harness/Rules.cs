using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Microscale.Guard.Analyzers.Tests.Harness;

/// <summary>The rules of the analyzer.</summary>
internal static class Rules
{
    public static ImmutableArray<DiagnosticDescriptor> All { get; } = new GuardAnalyzer().SupportedDiagnostics;

    public static DiagnosticDescriptor ById(string id) => All.Single(r => r.Id == id);
}
