using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Microscale.Guard.Analyzers;

/// <summary>What the users of a compilation say in .editorconfig: more guard methods, more model calls, types to ignore.</summary>
/// <remarks>These hold for the whole compilation, whatever section they stand in, because the trace of a client crosses
/// files. Options of single rules are read for the file that is reported.</remarks>
internal sealed class GuardOptions
{
    public const string GuardMethodsKey = "microscale_guard.guard_methods";
    public const string ModelCallsKey = "microscale_guard.model_calls";
    public const string IgnoredTypesKey = "microscale_guard.ignored_types";

    private static readonly char[] s_separators = [',', ';', '|', ' '];

    private readonly ImmutableHashSet<string> _guardMethods;
    private readonly ImmutableHashSet<string> _guardMethodNames;
    private readonly ImmutableHashSet<string> _modelCalls;
    private readonly ImmutableHashSet<string> _ignoredTypes;
    private readonly AnalyzerConfigOptionsProvider _provider;

    private GuardOptions(AnalyzerConfigOptionsProvider provider, ISet<string> guardMethods, ISet<string> modelCalls, ISet<string> ignoredTypes)
    {
        _provider = provider;
        _guardMethods = Split(guardMethods);
        _guardMethodNames = _guardMethods.Select(LastPart).ToImmutableHashSet(StringComparer.Ordinal);
        _modelCalls = Split(modelCalls);
        _ignoredTypes = Split(ignoredTypes);
        ModelCallNames = _modelCalls.Select(LastPart).ToImmutableHashSet(StringComparer.Ordinal);
        ModelCallTypes = _modelCalls.Select(Qualifier).ToImmutableHashSet(StringComparer.Ordinal);
    }

    /// <summary>The names of the methods that are model calls, without their types.</summary>
    public ImmutableHashSet<string> ModelCallNames { get; }

    /// <summary>The types that declare them.</summary>
    public ImmutableHashSet<string> ModelCallTypes { get; }

    public static GuardOptions Read(AnalyzerConfigOptionsProvider provider, IEnumerable<SyntaxTree> trees)
    {
        var (guardMethods, modelCalls, ignoredTypes) = (new HashSet<string>(), new HashSet<string>(), new HashSet<string>());
        Add(provider.GlobalOptions);
        foreach (var tree in trees)
        {
            Add(provider.GetOptions(tree));
        }

        return new GuardOptions(provider, guardMethods, modelCalls, ignoredTypes);

        void Add(AnalyzerConfigOptions options)
        {
            AddValue(options, GuardMethodsKey, guardMethods);
            AddValue(options, ModelCallsKey, modelCalls);
            AddValue(options, IgnoredTypesKey, ignoredTypes);
        }

        static void AddValue(AnalyzerConfigOptions options, string key, HashSet<string> values)
        {
            if (options.TryGetValue(key, out var value))
            {
                values.Add(value);
            }
        }
    }

    public bool IsGuardMethod(IMethodSymbol method) => _guardMethodNames.Contains(method.Name) && _guardMethods.Contains(FullName(method));

    public bool IsModelCall(IMethodSymbol method) => ModelCallNames.Contains(method.Name) && _modelCalls.Contains(FullName(method));

    public bool IsIgnored(ITypeSymbol type) => !_ignoredTypes.IsEmpty && _ignoredTypes.Contains(FullName(type.OriginalDefinition));

    /// <summary>A rule's option that is on or off.</summary>
    public bool IsOn(SyntaxTree tree, string key, bool byDefault) =>
        _provider.GetOptions(tree).TryGetValue(key, out var value) && bool.TryParse(value, out var on) ? on : byDefault;

    /// <summary>A rule's option that is a list of words.</summary>
    public IEnumerable<string> Words(SyntaxTree tree, string key) =>
        _provider.GetOptions(tree).TryGetValue(key, out var value) ? value.Split(s_separators, StringSplitOptions.RemoveEmptyEntries) : [];

    private static ImmutableHashSet<string> Split(IEnumerable<string> values) =>
        values.SelectMany(v => v.Split(s_separators, StringSplitOptions.RemoveEmptyEntries)).ToImmutableHashSet(StringComparer.Ordinal);

    private static string FullName(IMethodSymbol method) => FullName(method.ContainingType.OriginalDefinition) + "." + method.Name;

    private static string FullName(ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.CSharpErrorMessageFormat.WithGenericsOptions(SymbolDisplayGenericsOptions.None));

    private static string LastPart(string name) => name.Substring(name.LastIndexOf('.') + 1);

    private static string Qualifier(string name) => name.Substring(0, Math.Max(0, name.LastIndexOf('.')));
}
