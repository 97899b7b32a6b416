using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace Microscale.Guard.CodeFixes;

/// <summary>Pieces of code that the fixes write.</summary>
internal static class Code
{
    /// <summary>A type's name, for which the using is added.</summary>
    public static NameSyntax ImportedName(string type) =>
        ParseName("global::" + type).WithAdditionalAnnotations(Simplifier.Annotation, Simplifier.AddImportsAnnotation);

    public static InvocationExpressionSyntax Call(ExpressionSyntax instance, string method, params ExpressionSyntax[] arguments) =>
        Invoke(MemberAccess(instance, method), arguments);

    public static InvocationExpressionSyntax Invoke(ExpressionSyntax method, ExpressionSyntax[] arguments) =>
        InvocationExpression(method, ArgumentList(SeparatedList(arguments.Select(Argument))));

    public static MemberAccessExpressionSyntax MemberAccess(ExpressionSyntax instance, string name) =>
        MemberAccessExpression(SyntaxKind.SimpleMemberAccessExpression, instance, IdentifierName(name));

    /// <summary>The document with another root: usings added, names shortened, new code formatted.</summary>
    public static async Task<Document> WithRootAsync(this Document document, SyntaxNode root, CancellationToken cancellationToken)
    {
        document = document.WithSyntaxRoot(root);
        document = await ImportAdder.AddImportsAsync(document, Simplifier.AddImportsAnnotation, cancellationToken: cancellationToken);
        document = await Simplifier.ReduceAsync(document, Simplifier.Annotation, cancellationToken: cancellationToken);
        return await Formatter.FormatAsync(document, Formatter.Annotation, cancellationToken: cancellationToken);
    }
}
