using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Microscale.Guard.CodeFixes;

/// <summary>Fixes all diagnostics at once, where one fix may change several documents and several fixes one place.</summary>
internal sealed class SolutionFixAllProvider : FixAllProvider
{
    private readonly string _title;
    private readonly Func<Solution, ImmutableArray<Diagnostic>, CancellationToken, Task<Solution?>> _fix;

    public SolutionFixAllProvider(string title, Func<Solution, ImmutableArray<Diagnostic>, CancellationToken, Task<Solution?>> fix)
    {
        _title = title;
        _fix = fix;
    }

    public override IEnumerable<FixAllScope> GetSupportedFixAllScopes() => [FixAllScope.Document, FixAllScope.Project, FixAllScope.Solution];

    public override async Task<CodeAction?> GetFixAsync(FixAllContext fixAllContext)
    {
        var diagnostics = await DiagnosticsAsync(fixAllContext);
        return diagnostics.IsEmpty
            ? null
            : CodeAction.Create(_title, async token => await _fix(fixAllContext.Solution, diagnostics, token) ?? fixAllContext.Solution, _title);
    }

    private static async Task<ImmutableArray<Diagnostic>> DiagnosticsAsync(FixAllContext context)
    {
        if (context.Scope == FixAllScope.Document && context.Document is { } document)
        {
            return await context.GetDocumentDiagnosticsAsync(document);
        }

        var projects = context.Scope == FixAllScope.Solution
            ? context.Solution.Projects.Where(p => p.Language == LanguageNames.CSharp)
            : [context.Project];
        var diagnostics = ImmutableArray.CreateBuilder<Diagnostic>();
        foreach (var project in projects)
        {
            diagnostics.AddRange(await context.GetAllDiagnosticsAsync(project));
        }

        return diagnostics.ToImmutable();
    }
}
