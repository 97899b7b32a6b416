using System.Collections.Immutable;
using Microscale.Guard.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace Microscale.Guard.CodeFixes;

/// <summary>Fixes MSG009: streams in the sentence-gated mode.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(GateStreamCodeFixProvider))]
public sealed class GateStreamCodeFixProvider : CodeFixProvider
{
    internal const string EquivalenceKey = "GateStream";

    private const string Title = "Release sentences after their verdict";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create(RuleIds.PassThroughStreaming);

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken);
        foreach (var diagnostic in context.Diagnostics)
        {
            if (root?.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true) is MemberAccessExpressionSyntax mode)
            {
                var gated = mode.WithName(IdentifierName("SentenceGated")).WithTriviaFrom(mode);
                var changed = context.Document.WithSyntaxRoot(root.ReplaceNode(mode, gated));
                context.RegisterCodeFix(CodeAction.Create(Title, _ => Task.FromResult(changed), EquivalenceKey), diagnostic);
            }
        }
    }
}
