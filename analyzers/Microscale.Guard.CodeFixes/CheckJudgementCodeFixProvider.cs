using System.Collections.Immutable;
using Microscale.Guard.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using Microsoft.CodeAnalysis.Formatting;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace Microscale.Guard.CodeFixes;

/// <summary>Fixes MSG006: checks the judgement on an answer right after the answer is there.</summary>
/// <remarks>The check fails closed: an answer without a judgement is refused.</remarks>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(CheckJudgementCodeFixProvider))]
public sealed class CheckJudgementCodeFixProvider : CodeFixProvider
{
    internal const string EquivalenceKey = "CheckJudgement";

    private const string Title = "Refuse an answer that the judgement does not support";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create(RuleIds.VerdictIgnored);

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => FixAllProvider.Create(static async (context, document, diagnostics) => await CheckAsync(document, diagnostics, context.CancellationToken));

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken);
        foreach (var diagnostic in context.Diagnostics.Where(d => StatementAt(root, d) is not null))
        {
            context.RegisterCodeFix(CodeAction.Create(Title, token => CheckAsync(context.Document, ImmutableArray.Create(diagnostic), token), EquivalenceKey), diagnostic);
        }
    }

    private static async Task<Document> CheckAsync(Document document, ImmutableArray<Diagnostic> diagnostics, CancellationToken cancellationToken)
    {
        var root = await document.GetSyntaxRootAsync(cancellationToken);
        if (root is null)
        {
            return document;
        }

        var editor = new SyntaxEditor(root, document.Project.Solution.Services);
        foreach (var diagnostic in diagnostics)
        {
            if (StatementAt(root, diagnostic) is var (statement, variable))
            {
                var check = Check(variable, diagnostic, LineBreakAfter(statement));
                editor.InsertAfter(statement, statement is GlobalStatementSyntax ? GlobalStatement(check) : check);
            }
        }

        return await document.WithRootAsync(editor.GetChangedRoot(), cancellationToken);
    }

    /// <summary>The statement that puts the answer into a variable.</summary>
    private static (SyntaxNode Statement, string Variable)? StatementAt(SyntaxNode? root, Diagnostic diagnostic)
    {
        if (root is null || diagnostic.AdditionalLocations.Count == 0)
        {
            return null;
        }

        var answer = root.FindNode(diagnostic.AdditionalLocations[0].SourceSpan, getInnermostNodeForTie: true);
        var (statement, variable) = answer.Parent switch
        {
            EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent.Parent: LocalDeclarationStatementSyntax declaration } declared } => (declaration, declared.Identifier.ValueText),
            AssignmentExpressionSyntax { Left: IdentifierNameSyntax target, Parent: ExpressionStatementSyntax assignment } => ((StatementSyntax)assignment, target.Identifier.ValueText),
            _ => default,
        };
        return statement?.Parent switch
        {
            BlockSyntax or SwitchSectionSyntax => (statement, variable!),
            GlobalStatementSyntax global => (global, variable!),
            _ => null,
        };
    }

    private static StatementSyntax Check(string variable, Diagnostic diagnostic, SyntaxTrivia lineBreak)
    {
        var isVerified = diagnostic.Properties.TryGetValue(VerdictIgnoredRule.IsVerified, out var value) && value == "true";
        var code = isVerified
            ? $$"""
                if ({{variable}}.GetGuardReport() is not GuardReport { Verdicts: { } verdicts } || verdicts.Any(verdict => verdict.Verdict != Verdict.Supported))
                {
                    throw new InvalidOperationException("The evidence does not support the answer.");
                }
                """
            : $$"""
                if ({{variable}}.GetGuardReport() is not GuardReport { Confidence.Value: >= 0.6 })
                {
                    throw new InvalidOperationException("The answer is not sure enough.");
                }
                """;
        var check = ParseStatement(code.Replace("\r", "").Replace("\n", lineBreak.ToFullString()));
        return check
            .ReplaceNodes(check.DescendantNodes().OfType<IdentifierNameSyntax>(), static (_, name) => TypeOf(name) is { } type ? Code.ImportedName(type).WithTriviaFrom(name) : name)
            .WithTrailingTrivia(lineBreak, lineBreak)
            .WithAdditionalAnnotations(Formatter.Annotation);
    }

    private static SyntaxTrivia LineBreakAfter(SyntaxNode statement) =>
        statement.GetTrailingTrivia().FirstOrDefault(t => t.IsKind(SyntaxKind.EndOfLineTrivia)) is { RawKind: not 0 } lineBreak ? lineBreak : LineFeed;

    private static string? TypeOf(IdentifierNameSyntax name) => name.Identifier.ValueText switch
    {
        "GuardReport" => "Microscale.Guard.GuardReport",
        "InvalidOperationException" => "System.InvalidOperationException",
        "Verdict" when name.Parent is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Supported" } => "Microscale.Guard.Verdict",
        _ => null,
    };
}
