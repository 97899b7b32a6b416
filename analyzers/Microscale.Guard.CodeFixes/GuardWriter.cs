using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using static Microscale.Guard.CodeFixes.Code;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace Microscale.Guard.CodeFixes;

/// <summary>Writes a guard around an expression that makes a client or a builder.</summary>
internal static class GuardWriter
{
    /// <summary>The type that the guard is written with; without it there is nothing to write.</summary>
    public const string ScorersType = "Microscale.Guard.Confidence";

    private const string ClientType = "Microsoft.Extensions.AI.IChatClient";
    private const string BuilderType = "Microsoft.Extensions.AI.ChatClientBuilder";

    /// <summary>The guarded form of an expression.</summary>
    /// <param name="place">The expression as it stands in the document.</param>
    /// <param name="current">The same expression with what is rewritten inside of it.</param>
    /// <param name="model">The model of the document.</param>
    public static ExpressionSyntax Guard(ExpressionSyntax place, ExpressionSyntax current, SemanticModel model)
    {
        var line = LineOf(place);
        var type = model.GetTypeInfo(place).Type;
        var client = current.WithoutTrivia();
        var isBuilder = type?.ToDisplayString() == BuilderType;
        var guarded = UseGuard(isBuilder ? client : Builder(client, type, place, line, model), line, place.SpanStart, model);
        guarded = isBuilder ? guarded : Link(guarded, line, "Build");
        return guarded.WithTriviaFrom(current).WithAdditionalAnnotations(Formatter.Annotation);
    }

    /// <summary>A builder's expression with a guard added.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="line">The line break before the call; empty for none.</param>
    /// <param name="position">Where it will stand.</param>
    /// <param name="model">The model of the document.</param>
    public static ExpressionSyntax UseGuard(ExpressionSyntax builder, SyntaxTriviaList line, int position, SemanticModel model)
    {
        var parameter = FreeName(model, position);
        var scorer = Call(ImportedName(ScorersType), "TokenProbability");
        var scored = Call(IdentifierName(parameter), "ScoreWith", scorer);
        var policy = Call(scored, "AbstainBelow", LiteralExpression(SyntaxKind.NumericLiteralExpression, Literal("0.6", 0.6)));
        return Link(builder, line, "UseHallucinationGuard", SimpleLambdaExpression(Parameter(Identifier(parameter)), policy));
    }

    private static ExpressionSyntax Builder(ExpressionSyntax client, ITypeSymbol? type, ExpressionSyntax place, SyntaxTriviaList line, SemanticModel model)
    {
        if (type?.ToDisplayString() is "OpenAI.Chat.ChatClient" or "OpenAI.Responses.ResponsesClient")
        {
            client = Link(client, line, "AsIChatClient");
        }
        else if (type?.ToDisplayString() != ClientType || model.LookupSymbols(place.SpanStart, type, "AsBuilder", includeReducedExtensionMethods: true).IsEmpty)
        {
            // A provider's type may be a generator of embeddings too, on which AsBuilder is ambiguous.
            return ObjectCreationExpression(ImportedName(BuilderType)).AddArgumentListArguments(Argument(Unparenthesized(client)));
        }

        return Link(Parenthesized(client), line, "AsBuilder");
    }

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

    private static ExpressionSyntax Parenthesized(ExpressionSyntax client) =>
        client is AwaitExpressionSyntax or CastExpressionSyntax or BinaryExpressionSyntax or ConditionalExpressionSyntax or AssignmentExpressionSyntax or SwitchExpressionSyntax
            ? ParenthesizedExpression(client)
            : client;

    private static ExpressionSyntax Unparenthesized(ExpressionSyntax client) =>
        client is ParenthesizedExpressionSyntax { Expression: var inner } ? inner.WithoutTrivia() : client;

    private static string FreeName(SemanticModel model, int position) =>
        Enumerable.Range(1, int.MaxValue)
            .Select(n => n == 1 ? "guard" : "guard" + n)
            .First(name => model.LookupSymbols(position, name: name).All(s => s is not (ILocalSymbol or IParameterSymbol or IRangeVariableSymbol)));
}
