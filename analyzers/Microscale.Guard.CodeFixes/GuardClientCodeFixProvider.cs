using System.Collections.Immutable;
using Microscale.Guard.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Microscale.Guard.CodeFixes;

/// <summary>Fixes MSG001: puts a guard around the client where it is made.</summary>
/// <remarks>Offered only where the guarded client fits its place, that is, where the document still compiles.
/// Not marked as shared: the attribute would bind this assembly to one version of System.Composition, and hosts differ.</remarks>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(GuardClientCodeFixProvider))]
public sealed class GuardClientCodeFixProvider : CodeFixProvider
{
    internal const string EquivalenceKey = "MSG001.GuardClient";

    private const string Title = "Guard the client with UseHallucinationGuard";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create(RuleIds.UnguardedCall);

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => FixAllProvider.Create(static async (context, document, diagnostics) =>
        await GuardClientRewriter.GuardAsync(document, diagnostics, context.CancellationToken) ?? document);

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (var diagnostic in context.Diagnostics)
        {
            var guarded = await GuardClientRewriter.GuardAsync(context.Document, ImmutableArray.Create(diagnostic), context.CancellationToken);
            if (guarded is not null)
            {
                context.RegisterCodeFix(CodeAction.Create(Title, _ => Task.FromResult(guarded), EquivalenceKey), diagnostic);
            }
        }
    }
}
