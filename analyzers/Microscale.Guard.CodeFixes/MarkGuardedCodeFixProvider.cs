using System.Collections.Immutable;
using Microscale.Guard.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace Microscale.Guard.CodeFixes;

/// <summary>Fixes MSG002: marks the parameter that the client comes from, so that callers are held to it.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MarkGuardedCodeFixProvider))]
public sealed class MarkGuardedCodeFixProvider : CodeFixProvider
{
    internal const string EquivalenceKey = "MarkGuarded";

    private const string Title = "Mark the parameter with [Guarded]";
    private const string AttributeType = "Microscale.Guard.GuardedAttribute";

    private static readonly FixAllProvider s_fixAll = new SolutionFixAllProvider(Title, MarkAsync);

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create(RuleIds.GuardNotProvable);

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => s_fixAll;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var compilation = await context.Document.Project.GetCompilationAsync(context.CancellationToken);
        if (compilation?.GetTypeByMetadataName(AttributeType) is null)
        {
            return;
        }

        foreach (var diagnostic in context.Diagnostics.Where(d => GuardNotProvableRule.ParametersOf(d) > 0))
        {
            var action = CodeAction.Create(
                Title,
                async token => await MarkAsync(context.Document.Project.Solution, ImmutableArray.Create(diagnostic), token) ?? context.Document.Project.Solution,
                EquivalenceKey);
            context.RegisterCodeFix(action, diagnostic);
        }
    }

    private static async Task<Solution?> MarkAsync(Solution solution, ImmutableArray<Diagnostic> diagnostics, CancellationToken cancellationToken)
    {
        var changed = solution;
        var parameters = diagnostics.SelectMany(d => d.AdditionalLocations.Take(GuardNotProvableRule.ParametersOf(d))).Distinct();
        foreach (var file in parameters.GroupBy(p => p.SourceTree))
        {
            if (file.Key is not { } tree || solution.GetDocument(tree) is not { } document)
            {
                continue;
            }

            var root = await tree.GetRootAsync(cancellationToken);
            var marked = root.ReplaceNodes(
                file.Select(p => root.FindNode(p.SourceSpan)).OfType<ParameterSyntax>().Where(p => p.Type is not null),
                static (_, parameter) => Mark(parameter));
            document = await document.WithRootAsync(marked, cancellationToken);
            changed = changed.WithDocumentSyntaxRoot(document.Id, (await document.GetSyntaxRootAsync(cancellationToken))!);
        }

        return changed == solution ? null : changed;
    }

    private static ParameterSyntax Mark(ParameterSyntax parameter)
    {
        var attribute = Attribute(Code.ImportedName("Microscale.Guard.Guarded"));
        var list = AttributeList(SingletonSeparatedList(attribute)).WithTrailingTrivia(Space).WithLeadingTrivia(parameter.GetLeadingTrivia());
        parameter = parameter.WithLeadingTrivia();
        return parameter.WithAttributeLists(parameter.AttributeLists.Insert(0, list));
    }
}
