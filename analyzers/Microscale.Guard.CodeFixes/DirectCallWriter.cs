using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Simplification;
using static Microscale.Guard.CodeFixes.Code;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace Microscale.Guard.CodeFixes;

/// <summary>Writes a call of OpenAI's <c>ChatClient</c> anew, so that it goes through a guarded chat client and its result is again
/// what the SDK would give.</summary>
/// <remarks>Names of Microsoft.Extensions.AI are written out where its using is missing: with the using, <c>ChatMessage</c> and others would
/// name two types. Where the result is used as a <c>ClientResult</c>, the new code does not compile, and is not offered.</remarks>
internal static class DirectCallWriter
{
    private const string ChatClient = "OpenAI.Chat.ChatClient";
    private const string ChatMessage = "OpenAI.Chat.ChatMessage";
    private const string Extensions = "Microsoft.Extensions.AI.";

    /// <summary>The expression to replace: the call, with the <c>await</c> and the <c>Value</c> around it; null when the call is none that
    /// can be written anew.</summary>
    public static ExpressionSyntax? PlaceOf(SyntaxNode? node)
    {
        if (node is not InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } call
            || access.Name.Identifier.ValueText is not ("CompleteChat" or "CompleteChatAsync" or "CompleteChatStreaming" or "CompleteChatStreamingAsync"))
        {
            return null;
        }

        ExpressionSyntax place = call;
        if (access.Name.Identifier.ValueText == "CompleteChatAsync")
        {
            if (call.Parent is not AwaitExpressionSyntax awaited)
            {
                return null;
            }

            place = awaited;
        }

        var outer = place;
        while (outer.Parent is ParenthesizedExpressionSyntax parenthesized)
        {
            outer = parenthesized;
        }

        return outer.Parent is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Value" } value && value.Expression == outer ? value : place;
    }

    /// <summary>The guarded form of an expression that <see cref="PlaceOf"/> gave; null when it is another one.</summary>
    public static ExpressionSyntax? Write(ExpressionSyntax place, SemanticModel model)
    {
        var call = place.DescendantNodesAndSelf().OfType<InvocationExpressionSyntax>().FirstOrDefault(c => PlaceOf(c) == place);
        if (call?.Expression is not MemberAccessExpressionSyntax access
            || model.GetOperation(call) is not IInvocationOperation { TargetMethod: var method } operation
            || method.ContainingType.ToDisplayString() != ChatClient
            || Arguments(operation) is not { } arguments)
        {
            return null;
        }

        var chat = Invoke(Named(Extensions + "OpenAIClientExtensions", "AsIChatClient"), [access.Expression.WithoutTrivia()]);
        var builder = ObjectCreationExpression(Qualified(Extensions + "ChatClientBuilder")).AddArgumentListArguments(Argument(chat));
        var guarded = Call(GuardWriter.UseGuard(builder, default, place.SpanStart, model), "Build");
        ExpressionSyntax? written = method.Name switch
        {
            "CompleteChat" => Call(Call(Call(Ask("GetResponseAsync"), "GetAwaiter"), "GetResult"), "AsOpenAIChatCompletion"),
            "CompleteChatAsync" => Call(ParenthesizedExpression(AwaitExpression(Ask("GetResponseAsync"))), "AsOpenAIChatCompletion"),
            "CompleteChatStreaming" => Call(Call(Ask("GetStreamingResponseAsync"), "AsOpenAIStreamingChatCompletionUpdatesAsync"), "ToBlockingEnumerable"),
            "CompleteChatStreamingAsync" => Call(Ask("GetStreamingResponseAsync"), "AsOpenAIStreamingChatCompletionUpdatesAsync"),
            _ => null,
        };
        return written?.NormalizeWhitespace().WithTriviaFrom(place).WithAdditionalAnnotations(Formatter.Annotation);

        InvocationExpressionSyntax Ask(string name)
        {
            var asked = MemberAccess(guarded, name);
            return InvocationExpression(asked, ArgumentList(SeparatedList(arguments)));
        }
    }

    /// <summary>The messages, the options and the token of a call as a chat client takes them; null for what it cannot take.</summary>
    private static List<ArgumentSyntax>? Arguments(IInvocationOperation call)
    {
        var written = new List<ArgumentSyntax>();
        foreach (var argument in call.Arguments.Where(a => a.ArgumentKind != ArgumentKind.DefaultValue).OrderBy(a => a.Parameter?.Ordinal))
        {
            switch (argument.Parameter?.Name)
            {
                case "messages" when Messages(argument) is { } messages:
                    written.Add(Argument(Call(messages, "AsChatMessages")));
                    break;
                case "options" when argument.Syntax is ArgumentSyntax { Expression: var options }:
                    written.Add(Argument(Options(options.WithoutTrivia())));
                    break;
                case "cancellationToken" when argument.Syntax is ArgumentSyntax { Expression: var token }:
                    written.Add(Argument(NameColon("cancellationToken"), default, token.WithoutTrivia()));
                    break;
                default:
                    return null;
            }
        }

        return written.Count > 0 ? written : null;
    }

    private static ExpressionSyntax? Messages(IArgumentOperation argument)
    {
        if (argument is { ArgumentKind: ArgumentKind.ParamArray, Value: IArrayCreationOperation { Initializer.ElementValues: var elements } })
        {
            return Array(elements.Select(e => e.Syntax).OfType<ExpressionSyntax>());
        }

        return argument.Syntax is not ArgumentSyntax { Expression: var messages } ? null
            : messages is not CollectionExpressionSyntax list ? Parenthesized(messages.WithoutTrivia())
            : list.Elements.All(e => e is ExpressionElementSyntax) ? Array(list.Elements.Cast<ExpressionElementSyntax>().Select(e => e.Expression))
            : null;
    }

    private static ArrayCreationExpressionSyntax Array(IEnumerable<ExpressionSyntax> messages) => ArrayCreationExpression(
        ArrayType(Qualified(ChatMessage), SingletonList(ArrayRankSpecifier(SingletonSeparatedList<ExpressionSyntax>(OmittedArraySizeExpression())))),
        InitializerExpression(SyntaxKind.ArrayInitializerExpression, SeparatedList(messages.Select(m => m.WithoutTrivia()))));

    /// <summary>Options that hand the SDK's own through.</summary>
    private static ObjectCreationExpressionSyntax Options(ExpressionSyntax options) => ObjectCreationExpression(Qualified(Extensions + "ChatOptions"))
        .WithInitializer(InitializerExpression(SyntaxKind.ObjectInitializerExpression, SingletonSeparatedList<ExpressionSyntax>(AssignmentExpression(
            SyntaxKind.SimpleAssignmentExpression,
            IdentifierName("RawRepresentationFactory"),
            SimpleLambdaExpression(Parameter(Identifier("_")), options)))));

    private static ExpressionSyntax Parenthesized(ExpressionSyntax expression) =>
        expression is IdentifierNameSyntax or MemberAccessExpressionSyntax or InvocationExpressionSyntax or ObjectCreationExpressionSyntax
            ? expression
            : ParenthesizedExpression(expression);

    private static MemberAccessExpressionSyntax Named(string type, string method) =>
        MemberAccess(ParseExpression("global::" + type).WithAdditionalAnnotations(Simplifier.Annotation), method);

    /// <summary>A full name, which is shortened by the usings that are there; none is added.</summary>
    private static NameSyntax Qualified(string type) => ParseName("global::" + type).WithAdditionalAnnotations(Simplifier.Annotation);
}
