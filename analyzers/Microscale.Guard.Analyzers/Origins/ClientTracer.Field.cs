using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Microscale.Guard.Analyzers;

/// <content>What does a field hold for good?</content>
internal sealed partial class ClientTracer
{
    /// <remarks>Only a private readonly field with an initialiser and no other assignment holds what is seen here. Its
    /// initialiser is read in the file of the use: a semantic model for another file would have to be made.</remarks>
    private TracedClient TraceField(IFieldReferenceOperation use)
    {
        var field = use.Field;
        if (field is not { IsReadOnly: true, DeclaredAccessibility: Accessibility.Private }
            || use.SemanticModel is not { } model
            || field.DeclaringSyntaxReferences.Length != 1
            || field.DeclaringSyntaxReferences[0] is not { } declaration
            || declaration.SyntaxTree != model.SyntaxTree
            || declaration.GetSyntax(_cancellationToken) is not VariableDeclaratorSyntax { Initializer: { } initializer }
            || IsAssignedInConstructor(field))
        {
            return TracedClient.Unknown;
        }

        return model.GetOperation(initializer, _cancellationToken) is IFieldInitializerOperation operation
            ? Trace(operation.Value)
            : TracedClient.Unknown;
    }

    /// <remarks>By name, so that no semantic model is needed; a namesake makes the field unknown, no more.</remarks>
    private bool IsAssignedInConstructor(IFieldSymbol field) =>
        field.ContainingType.GetMembers().OfType<IMethodSymbol>()
            .Where(m => m.MethodKind is MethodKind.Constructor or MethodKind.StaticConstructor || m.IsInitOnly)
            .SelectMany(m => m.DeclaringSyntaxReferences)
            .Select(r => r.GetSyntax(_cancellationToken))
            .Where(s => s is not TypeDeclarationSyntax)
            .SelectMany(s => s.DescendantNodes())
            .Any(n => n switch
            {
                AssignmentExpressionSyntax assignment => Mentions(assignment.Left, field.Name),
                ArgumentSyntax argument => !argument.RefKindKeyword.IsKind(Microsoft.CodeAnalysis.CSharp.SyntaxKind.None) && Mentions(argument.Expression, field.Name),
                _ => false,
            });

    private static bool Mentions(SyntaxNode node, string name) =>
        node.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Any(i => i.Identifier.ValueText == name);
}
