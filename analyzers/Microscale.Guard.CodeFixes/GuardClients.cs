using System.Globalization;
using Microscale.Guard.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Microscale.Guard.CodeFixes;

/// <summary>Guards the clients that diagnostics point at, in whatever document of the solution they are made.</summary>
/// <remarks>A place is rewritten only where its document compiles afterwards as it did before. A client that cannot be
/// guarded where it is made, because a variable needs the provider's own type, is guarded where it is used.</remarks>
internal static class GuardClients
{
    /// <summary>What OpenAI's SDK marks its Responses API with, and Microsoft.Extensions.AI its conversions to the SDK's types.</summary>
    private const string ExperimentalConversions = "OPENAI001";

    /// <summary>Guards every client that can be; null when none can.</summary>
    public static async Task<Solution?> GuardAsync(Solution solution, IReadOnlyCollection<Diagnostic> diagnostics, CancellationToken cancellationToken)
    {
        var fitting = new HashSet<Location>(await FitAsync(solution, diagnostics.SelectMany(PlacesOf), cancellationToken));
        var atTheUse = diagnostics.Where(d => PlacesOf(d).Any(p => !fitting.Contains(p))).Select(UseOf).OfType<Location>().ToList();
        var places = atTheUse.Count == 0 ? fitting.ToList() : await FitAsync(solution, fitting.Concat(atTheUse), cancellationToken);
        var changed = solution;
        foreach (var file in places.GroupBy(p => p.SourceTree))
        {
            var document = solution.GetDocument(file.Key)!;
            if (await RewriteAsync(document, file.Select(p => p.SourceSpan), cancellationToken) is { } guarded)
            {
                changed = changed.WithDocumentSyntaxRoot(document.Id, (await guarded.GetSyntaxRootAsync(cancellationToken))!);
            }
        }

        return changed == solution ? null : changed;
    }

    /// <summary>The expressions around which a guard belongs; for a call of a provider's own type, the call.</summary>
    private static IEnumerable<Location> PlacesOf(Diagnostic diagnostic) => diagnostic switch
    {
        { Id: RuleIds.GuardNotProvable } => diagnostic.AdditionalLocations.Skip(GuardNotProvableRule.ParametersOf(diagnostic)),
        { Id: RuleIds.UnguardedCall, AdditionalLocations.Count: 0 } =>
            DirectCallWriter.PlaceOf(diagnostic.Location.SourceTree?.GetRoot().FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true)) is { } call
                ? [call.GetLocation()]
                : [],
        _ => diagnostic.AdditionalLocations,
    };

    /// <summary>The expression that stands for the client where it is called or passed.</summary>
    private static Location? UseOf(Diagnostic diagnostic)
    {
        var code = diagnostic.Location.SourceTree?.GetRoot().FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true);
        return diagnostic.Id switch
        {
            RuleIds.UnguardedCall when diagnostic.AdditionalLocations.Count > 0 => ((code as InvocationExpressionSyntax)?.Expression as MemberAccessExpressionSyntax)?.Expression.GetLocation(),
            RuleIds.BrokenPromise => diagnostic.Location,
            _ => null,
        };
    }

    /// <summary>The places that can be rewritten: all of a document at once, or else each by itself.</summary>
    private static async Task<List<Location>> FitAsync(Solution solution, IEnumerable<Location> places, CancellationToken cancellationToken)
    {
        var fitting = new List<Location>();
        foreach (var file in places.Distinct().GroupBy(p => p.SourceTree))
        {
            var all = file.ToList();
            if (solution.GetDocument(file.Key) is not { } document)
            {
                continue;
            }

            if (await RewriteAsync(document, all.Select(p => p.SourceSpan), cancellationToken) is not null)
            {
                fitting.AddRange(all);
                continue;
            }

            foreach (var place in all.Count == 1 ? [] : all)
            {
                if (await RewriteAsync(document, [place.SourceSpan], cancellationToken) is not null)
                {
                    fitting.Add(place);
                }
            }
        }

        return fitting;
    }

    private static async Task<Document?> RewriteAsync(Document document, IEnumerable<TextSpan> spans, CancellationToken cancellationToken)
    {
        var model = await document.GetSemanticModelAsync(cancellationToken);
        if (model?.Compilation.GetTypeByMetadataName(GuardWriter.ScorersType) is null)
        {
            return null;
        }

        var root = await model.SyntaxTree.GetRootAsync(cancellationToken);
        var places = spans.Select(s => root.FindNode(s, getInnermostNodeForTie: true)).OfType<ExpressionSyntax>().Distinct().ToList();
        if (places.Count == 0)
        {
            return null;
        }

        var rewritten = root.ReplaceNodes(places, (place, current) => DirectCallWriter.Write(place, model) ?? GuardWriter.Guard(place, current, model));
        return await CompilesAsync(document, rewritten, model, cancellationToken)
            ?? await CompilesAsync(document, Allowing(ExperimentalConversions, rewritten), model, cancellationToken);
    }

    private static async Task<Document?> CompilesAsync(Document document, SyntaxNode root, SemanticModel before, CancellationToken cancellationToken)
    {
        var rewritten = await document.WithRootAsync(root, cancellationToken);
        var after = await rewritten.GetSemanticModelAsync(cancellationToken);
        return after is not null && !Errors(after, cancellationToken).Except(Errors(before, cancellationToken)).Any() ? rewritten : null;
    }

    /// <summary>A file in which an experimental part of a library may be used: said at its head, where a reader sees it.</summary>
    private static SyntaxNode Allowing(string diagnostic, SyntaxNode root)
    {
        var first = root.GetFirstToken(includeZeroWidth: true);
        var lineBreak = root.DescendantTrivia().FirstOrDefault(t => t.IsKind(SyntaxKind.EndOfLineTrivia));
        var pragma = SyntaxFactory.ParseLeadingTrivia($"#pragma warning disable {diagnostic}{(lineBreak == default ? "\n" : lineBreak.ToFullString())}");
        return root.ReplaceToken(first, first.WithLeadingTrivia(first.LeadingTrivia.AddRange(pragma)));
    }

    /// <remarks>By their text: a count would let a new error take the place of an old one.</remarks>
    private static IEnumerable<string> Errors(SemanticModel model, CancellationToken cancellationToken) =>
        model.GetDiagnostics(cancellationToken: cancellationToken)
            .Where(d => d.Severity == DiagnosticSeverity.Error)
            .Select(d => d.Id + d.GetMessage(CultureInfo.InvariantCulture));
}
