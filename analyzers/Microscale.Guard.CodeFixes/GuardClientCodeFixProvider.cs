using System.Collections.Immutable;
using Microscale.Guard.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Microscale.Guard.CodeFixes;

/// <summary>Fixes MSG001 to MSG004: puts a guard around the client where it is made or registered.</summary>
/// <remarks>Offered only where the guarded client fits its place, that is, where the documents still compile.
/// Not marked as shared: the attribute would bind this assembly to one version of System.Composition, and hosts differ.</remarks>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(GuardClientCodeFixProvider))]
public sealed class GuardClientCodeFixProvider : CodeFixProvider
{
    internal const string EquivalenceKey = "GuardClient";

    private const string Title = "Guard the client with UseHallucinationGuard";

    private static readonly FixAllProvider s_fixAll = new SolutionFixAllProvider(Title, static (solution, diagnostics, token) => GuardClients.GuardAsync(solution, diagnostics, token));

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } =
        ImmutableArray.Create(RuleIds.UnguardedCall, RuleIds.GuardNotProvable, RuleIds.UnguardedRegistration, RuleIds.BrokenPromise);

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => s_fixAll;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (var diagnostic in context.Diagnostics)
        {
            var guarded = await GuardClients.GuardAsync(context.Document.Project.Solution, [diagnostic], context.CancellationToken);
            if (guarded is not null)
            {
                context.RegisterCodeFix(CodeAction.Create(Title, _ => Task.FromResult(guarded), EquivalenceKey), diagnostic);
            }
        }
    }
}
