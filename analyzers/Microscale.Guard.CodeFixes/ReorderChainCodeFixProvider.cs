using System.Collections.Immutable;
using Microscale.Guard.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace Microscale.Guard.CodeFixes;

/// <summary>Fixes MSG005: moves the decorator outward, before the calls that need it, or removes a second guard.</summary>
/// <remarks>Offered within one chain of calls; calls on a variable are left to the author.</remarks>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ReorderChainCodeFixProvider))]
public sealed class ReorderChainCodeFixProvider : CodeFixProvider
{
    internal const string EquivalenceKey = "ReorderChain";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create(RuleIds.WrongOrder);

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => FixAllProvider.Create(static (context, document, diagnostics) => FixAllAsync(document, diagnostics, context.CancellationToken));

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken);
        foreach (var diagnostic in context.Diagnostics)
        {
            if (root is not null && CallAt(root, diagnostic) is { } call && Fix(call, diagnostic) is { } replacement)
            {
                var title = IsRemoval(diagnostic) ? "Remove the second guard" : "Move the decorator outward";
                var changed = context.Document.WithSyntaxRoot(root.ReplaceNode(call, replacement));
                context.RegisterCodeFix(CodeAction.Create(title, _ => Task.FromResult(changed), EquivalenceKey), diagnostic);
            }
        }
    }

    /// <remarks>From the end of the document to its start, so that a place is where its diagnostic says.</remarks>
    private static async Task<Document?> FixAllAsync(Document document, ImmutableArray<Diagnostic> diagnostics, CancellationToken cancellationToken)
    {
        var root = await document.GetSyntaxRootAsync(cancellationToken);
        var editor = root is null ? null : new SyntaxEditor(root, document.Project.Solution.Services);
        foreach (var diagnostic in diagnostics.OrderByDescending(d => d.Location.SourceSpan.Start))
        {
            if (editor is not null && CallAt(root!, diagnostic) is { } call && Fix(call, diagnostic) is not null)
            {
                editor.ReplaceNode(call, (current, _) => Fix((InvocationExpressionSyntax)current, diagnostic) ?? current);
            }
        }

        return editor is null ? document : document.WithSyntaxRoot(editor.GetChangedRoot());
    }

    private static InvocationExpressionSyntax? CallAt(SyntaxNode root, Diagnostic diagnostic) =>
        root.FindNode(diagnostic.Location.SourceSpan).FirstAncestorOrSelf<InvocationExpressionSyntax>();

    private static ExpressionSyntax? Fix(InvocationExpressionSyntax call, Diagnostic diagnostic)
    {
        if (call.Expression is not MemberAccessExpressionSyntax { Expression: InvocationExpressionSyntax or BaseObjectCreationExpressionSyntax } access)
        {
            return null;
        }

        return IsRemoval(diagnostic) ? access.Expression.WithTrailingTrivia(call.GetTrailingTrivia()) : MoveOutward(call);
    }

    /// <summary>Puts the last call of a chain before the first one that it has to be outside of.</summary>
    private static InvocationExpressionSyntax? MoveOutward(InvocationExpressionSyntax last)
    {
        var links = new List<InvocationExpressionSyntax>();
        ExpressionSyntax start = last;
        while (start is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax inner } link)
        {
            links.Insert(0, link);
            start = inner.Expression;
        }

        var rank = Rank(last);
        var target = links.FindIndex(l => Rank(l) > rank);
        if (target < 0)
        {
            return null;
        }

        var receiver = ((MemberAccessExpressionSyntax)links[target].Expression).Expression;
        return (InvocationExpressionSyntax)links.Skip(target).Take(links.Count - target - 1).Prepend(last)
            .Zip(links.Skip(target), static (link, place) => (Link: link, Behind: Behind(link, place)))
            .Aggregate(receiver, static (chain, next) => WithReceiver(next.Link, chain).WithTrailingTrivia(next.Behind));
    }

    /// <summary>What stands behind a call that comes to the place of another: its own comments, and a line break where there
    /// was one, or where a comment needs it.</summary>
    private static SyntaxTriviaList Behind(InvocationExpressionSyntax call, InvocationExpressionSyntax place)
    {
        var own = call.GetTrailingTrivia();
        var lineBreak = place.GetTrailingTrivia().FirstOrDefault(IsLineBreak);
        return own.Any(IsLineBreak) == IsLineBreak(lineBreak) || own.Any(SyntaxKind.SingleLineCommentTrivia) ? own
            : IsLineBreak(lineBreak) ? own.Add(lineBreak)
            : SyntaxFactory.TriviaList(own.Where(static t => !IsLineBreak(t)));
    }

    private static bool IsLineBreak(SyntaxTrivia trivia) => trivia.IsKind(SyntaxKind.EndOfLineTrivia);

    private static InvocationExpressionSyntax WithReceiver(InvocationExpressionSyntax link, ExpressionSyntax receiver) =>
        link.WithExpression(((MemberAccessExpressionSyntax)link.Expression).WithExpression(receiver));

    /// <summary>How far in a decorator belongs; none for those whose place does not matter.</summary>
    private static int? Rank(InvocationExpressionSyntax link) => ((MemberAccessExpressionSyntax)link.Expression).Name.Identifier.ValueText switch
    {
        "UseDistributedCache" => 0,
        "UseGrounding" => 1,
        "UseHallucinationGuard" or "UseAbstention" => 2,
        "UseVerification" => 3,
        "UseConfidence" => 4,
        _ => null,
    };

    private static bool IsRemoval(Diagnostic diagnostic) =>
        diagnostic.Properties.TryGetValue(WrongOrderRule.Remedy, out var remedy) && remedy == WrongOrderRule.Remove;
}
