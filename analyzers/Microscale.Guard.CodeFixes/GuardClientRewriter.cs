using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace Microscale.Guard.CodeFixes;

/// <summary>Rewrites a document so that the clients which diagnostics point at are guarded.</summary>
internal static class GuardClientRewriter
{
    private const string ClientType = "Microsoft.Extensions.AI.IChatClient";
    private const string BuilderType = "Microsoft.Extensions.AI.ChatClientBuilder";
    private const string ScorersType = "Microscale.Guard.Confidence";

    /// <summary>Guards every client that can be; null when none can.</summary>
    public static async Task<Document?> GuardAsync(Document document, ImmutableArray<Diagnostic> diagnostics, CancellationToken cancellationToken)
    {
        var model = await document.GetSemanticModelAsync(cancellationToken);
        if (model?.Compilation.GetTypeByMetadataName(ScorersType) is null)
        {
            return null;
        }

        var root = await model.SyntaxTree.GetRootAsync(cancellationToken);
        var places = diagnostics
            .SelectMany(d => d.AdditionalLocations)
            .Where(l => l.SourceTree == model.SyntaxTree)
            .Select(l => root.FindNode(l.SourceSpan, getInnermostNodeForTie: true))
            .OfType<ExpressionSyntax>()
            .Distinct()
            .ToList();
        if (await RewriteAsync(document, model, root, places, cancellationToken) is { } all)
        {
            return all;
        }

        var fitting = new List<ExpressionSyntax>();
        foreach (var place in places.Count > 1 ? places : [])
        {
            if (await RewriteAsync(document, model, root, [place], cancellationToken) is not null)
            {
                fitting.Add(place);
            }
        }

        return await RewriteAsync(document, model, root, fitting, cancellationToken);
    }

    private static async Task<Document?> RewriteAsync(
        Document document, SemanticModel model, SyntaxNode root, List<ExpressionSyntax> places, CancellationToken cancellationToken)
    {
        if (places.Count == 0)
        {
            return null;
        }

        var rewritten = document.WithSyntaxRoot(root.ReplaceNodes(places, (place, current) => Guard(place, current, model)));
        rewritten = await ImportAdder.AddImportsAsync(rewritten, Simplifier.AddImportsAnnotation, cancellationToken: cancellationToken);
        rewritten = await Simplifier.ReduceAsync(rewritten, Simplifier.Annotation, cancellationToken: cancellationToken);
        rewritten = await Formatter.FormatAsync(rewritten, Formatter.Annotation, cancellationToken: cancellationToken);
        var after = await rewritten.GetSemanticModelAsync(cancellationToken);
        return after is not null && Errors(after, cancellationToken) <= Errors(model, cancellationToken) ? rewritten : null;
    }

    private static InvocationExpressionSyntax Guard(ExpressionSyntax place, ExpressionSyntax current, SemanticModel model)
    {
        var parameter = FreeName(model, place.SpanStart);
        var scorer = Call(ImportedName(ScorersType), "TokenProbability");
        var scored = Call(IdentifierName(parameter), "ScoreWith", scorer);
        var policy = Call(scored, "AbstainBelow", LiteralExpression(SyntaxKind.NumericLiteralExpression, Literal("0.6", 0.6)));
        var configure = SimpleLambdaExpression(Parameter(Identifier(parameter)), policy);

        var line = LineOf(place);
        var type = model.GetTypeInfo(place).Type?.ToDisplayString();
        var client = current.WithoutTrivia();
        ExpressionSyntax builder = type switch
        {
            BuilderType => client,
            ClientType => Link(client, line, "AsBuilder"),

            // A provider's type may be a generator of embeddings too, on which AsBuilder is ambiguous.
            _ => ObjectCreationExpression(ImportedName(BuilderType)).AddArgumentListArguments(Argument(client)),
        };
        var guarded = Link(builder, line, "UseHallucinationGuard", configure);
        guarded = type == BuilderType ? guarded : Link(guarded, line, "Build");
        return guarded.WithTriviaFrom(current).WithAdditionalAnnotations(Formatter.Annotation);
    }

    private static NameSyntax ImportedName(string type) =>
        ParseName("global::" + type).WithAdditionalAnnotations(Simplifier.Annotation, Simplifier.AddImportsAnnotation);

    /// <summary>The line break and indentation of a chain that has one call a line; empty for one on a single line.</summary>
    private static SyntaxTriviaList LineOf(ExpressionSyntax place)
    {
        if (place is not InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { OperatorToken: var dot } }
            || !dot.GetPreviousToken().TrailingTrivia.Any(SyntaxKind.EndOfLineTrivia))
        {
            return [];
        }

        var lineBreak = dot.GetPreviousToken().TrailingTrivia.First(t => t.IsKind(SyntaxKind.EndOfLineTrivia));
        return TriviaList(dot.LeadingTrivia.Where(t => t.IsKind(SyntaxKind.WhitespaceTrivia)).Prepend(lineBreak));
    }

    private static InvocationExpressionSyntax Link(ExpressionSyntax chain, SyntaxTriviaList line, string method, params ExpressionSyntax[] arguments)
    {
        var access = MemberAccess(chain, method);
        return Invoke(access.WithOperatorToken(access.OperatorToken.WithLeadingTrivia(line)), arguments);
    }

    private static InvocationExpressionSyntax Call(ExpressionSyntax instance, string method, params ExpressionSyntax[] arguments) =>
        Invoke(MemberAccess(instance, method), arguments);

    private static InvocationExpressionSyntax Invoke(ExpressionSyntax method, ExpressionSyntax[] arguments) =>
        InvocationExpression(method, ArgumentList(SeparatedList(arguments.Select(Argument))));

    private static MemberAccessExpressionSyntax MemberAccess(ExpressionSyntax instance, string name) =>
        MemberAccessExpression(SyntaxKind.SimpleMemberAccessExpression, instance, IdentifierName(name));

    private static string FreeName(SemanticModel model, int position) =>
        Enumerable.Range(1, int.MaxValue)
            .Select(n => n == 1 ? "guard" : "guard" + n)
            .First(name => model.LookupSymbols(position, name: name).All(s => s is not (ILocalSymbol or IParameterSymbol or IRangeVariableSymbol)));

    private static int Errors(SemanticModel model, CancellationToken cancellationToken) =>
        model.GetDiagnostics(cancellationToken: cancellationToken).Count(d => d.Severity == DiagnosticSeverity.Error);
}
