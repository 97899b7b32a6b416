using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Microscale.Guard.Analyzers;

/// <summary>MSG010: the guard is bypassed, and the reason says nothing.</summary>
/// <remarks>
/// Reports <c>BypassGuard</c> with a constant reason that is blank, has no letters, or is a placeholder.
/// Silent for reasons that are not constant.
/// </remarks>
internal sealed class BypassWithoutReasonRule : IGuardRule
{
    public const string PlaceholdersKey = "microscale_guard.MSG010.placeholders";

    private static readonly HashSet<string> s_placeholders = new(StringComparer.OrdinalIgnoreCase)
    {
        "todo", "tbd", "fixme", "hack", "test", "testing", "temp", "tmp", "temporary", "none", "n/a", "na", "no reason", "reason", "because", "bypass",
        "bypass guard", "bypassed", "skip", "ignore", "foo", "bar", "asdf", "xxx", "x", "string", "placeholder", "for now", "debug", "unknown",
    };

    private static readonly DiagnosticDescriptor s_descriptor = new(
        RuleIds.BypassWithoutReason,
        "The guard is bypassed without a reason",
        "The reason {0} says nothing to those who read reports: say why this request may go unjudged",
        RuleIds.Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "A bypass is counted and stands in the report with its reason; a reason that says nothing makes it an unexplained hole.",
        RuleIds.Page(RuleIds.BypassWithoutReason));

    public DiagnosticDescriptor Descriptor => s_descriptor;

    public void Register(RuleRegistry registry) => registry.OnCall((c, call) => Analyze(c, call, registry.Scope.Symbols.Options), "BypassGuard");

    private static void Analyze(CodeContext context, IInvocationOperation call, GuardOptions options)
    {
        if (!ChatSymbols.IsOwn(call.TargetMethod.ContainingType)
            || call.Arguments.FirstOrDefault(a => a.Parameter?.Name == "reason") is not { Value: { ConstantValue.HasValue: true } reason })
        {
            return;
        }

        var words = (reason.ConstantValue.Value as string)?.Trim().TrimEnd('.', '!', '?', ':');
        if (words is null
            || !words.Any(char.IsLetter)
            || s_placeholders.Contains(words)
            || options.Words(context.Node.SyntaxTree, PlaceholdersKey).Contains(words, StringComparer.OrdinalIgnoreCase))
        {
            context.ReportDiagnostic(Diagnostic.Create(s_descriptor, reason.Syntax.GetLocation(), reason.Syntax.ToString()));
        }
    }
}
