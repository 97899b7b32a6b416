using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Microscale.Guard.Analyzers;

/// <content>What does a field or property hold?</content>
internal sealed partial class ClientTracer
{
    private TracedClient TraceMember(IMemberReferenceOperation use)
    {
        var member = use.Member;
        if (_symbols.IsPromised(member))
        {
            return TracedClient.Guarded;
        }

        if (use is IFieldReferenceOperation { Field: { ContainingType.IsTupleType: true } element })
        {
            return TraceTupleElement(use.Instance, IndexOf(element));
        }

        if (use is IPropertyReferenceOperation property && TraceKnownProperty(property) is { } known)
        {
            return known;
        }

        if (!IsInSight(member))
        {
            return TracedClient.OutOfSight(use.Syntax);
        }

        // What the same body assigned before hides what the member holds at other times.
        var here = Definitions.Reaching(use, member);
        return here.IsOrdered && here.HidesEarlier
            ? TraceDefinitions(here)
            : Summarize(member.OriginalDefinition, () => member is IPropertySymbol { GetMethod: { } getter } && !IsAuto((IPropertySymbol)member) ? TraceReturns(getter) : TraceAssignments(member.OriginalDefinition));
    }

    /// <summary>Properties of well-known types that hand a client on; null for all others.</summary>
    private TracedClient? TraceKnownProperty(IPropertyReferenceOperation use) => (use.Property.ContainingType.Name, use.Property.Name) switch
    {
        // The judge of an evaluation is not what answers users.
        ("ChatConfiguration", "ChatClient") => TracedClient.None,
        ("Mock", "Object") => TracedClient.None,
        ("Lazy", "Value") or ("Task" or "ValueTask", "Result") => Trace(use.Instance),
        _ when use.Property.IsIndexer => TraceElements(use.Instance),
        _ => null,
    };

    private static bool IsInSight(ISymbol member) =>
        !member.DeclaringSyntaxReferences.IsEmpty
        && !member.IsAbstract
        && (!member.IsVirtual || member.ContainingType.IsSealed)
        && (!member.IsOverride || member.IsSealed || member.ContainingType.IsSealed);

    /// <summary>Whether a property is a field with a name for others; a record's parameter makes one too.</summary>
    private static bool IsAuto(IPropertySymbol property) =>
        property.DeclaringSyntaxReferences.Any(r => r.GetSyntax() is ParameterSyntax)
        || property.ContainingType.GetMembers().Any(m => m is IFieldSymbol field && SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property));

    /// <summary>Traces all that is ever assigned to a member, in its initialiser and in the type that declares it.</summary>
    private TracedClient TraceAssignments(ISymbol member)
    {
        var traced = TracedClient.None;
        var (isAssigned, isAlwaysReplaced, hasConstructor) = (false, true, false);
        foreach (var body in BodiesThatMention(member))
        {
            var isConstructor = body.Syntax is ConstructorDeclarationSyntax;
            hasConstructor |= isConstructor;
            var definitions = Definitions.AtEnd(body, member);
            isAlwaysReplaced &= !isConstructor || definitions.HidesEarlier;
            isAssigned |= definitions.All.Count > 0;
            traced = definitions.All.Aggregate(traced, (all, definition) => all.Or(Trace(definition)));
        }

        if (!hasConstructor || !isAlwaysReplaced)
        {
            foreach (var initializer in InitializersOf(member))
            {
                isAssigned = true;
                traced = traced.Or(initializer);
            }
        }

        // What others can assign is out of sight.
        return !isAssigned || IsAssignableByOthers(member) ? traced.Or(TracedClient.Unknown) : traced;
    }

    private IEnumerable<TracedClient> InitializersOf(ISymbol member)
    {
        foreach (var declaration in member.DeclaringSyntaxReferences.Select(r => r.GetSyntax(_cancellationToken)))
        {
            if (declaration is ParameterSyntax { Parent.Parent: TypeDeclarationSyntax } && ParameterOf(member) is { } parameter)
            {
                yield return _symbols.IsPromised(parameter) ? TracedClient.Guarded : TracedClient.From(parameter);
            }

            var initializer = declaration switch
            {
                VariableDeclaratorSyntax variable => variable.Initializer,
                PropertyDeclarationSyntax property => property.Initializer,
                _ => null,
            };
            if (initializer is not null && _scope.OperationAt(initializer, _cancellationToken) is ISymbolInitializerOperation operation)
            {
                yield return Trace(operation.Value);
            }
        }
    }

    /// <summary>The bodies of the type that may assign the member: found by name, so that only they are bound. A constructor
    /// that calls another one leaves the member to it.</summary>
    private IEnumerable<IOperation> BodiesThatMention(ISymbol member)
    {
        foreach (var type in member.ContainingType.DeclaringSyntaxReferences.Select(r => r.GetSyntax(_cancellationToken)).OfType<TypeDeclarationSyntax>())
        {
            foreach (var declaration in type.Members)
            {
                var isConstructor = declaration is ConstructorDeclarationSyntax { Initializer: not { RawKind: (int)SyntaxKind.ThisConstructorInitializer } } constructor
                    && constructor.Modifiers.Any(SyntaxKind.StaticKeyword) == member.IsStatic;
                foreach (var body in BodiesOf(declaration))
                {
                    if ((isConstructor || Assigns(body, member.Name)) && _scope.OperationAt(body, _cancellationToken) is { } operation)
                    {
                        yield return operation;
                    }
                }
            }
        }
    }

    private static IEnumerable<SyntaxNode> BodiesOf(MemberDeclarationSyntax declaration) => declaration switch
    {
        BaseMethodDeclarationSyntax => [declaration],
        BasePropertyDeclarationSyntax { AccessorList.Accessors: var accessors } => accessors,
        PropertyDeclarationSyntax { ExpressionBody: { } expression } => [expression],
        _ => [],
    };

    private static bool Assigns(SyntaxNode body, string name) => body.DescendantNodes().Any(n => n switch
    {
        AssignmentExpressionSyntax assignment => Mentions(assignment.Left, name),
        ArgumentSyntax argument => !argument.RefKindKeyword.IsKind(SyntaxKind.None) && Mentions(argument.Expression, name),
        _ => false,
    });

    private static bool Mentions(SyntaxNode node, string name) =>
        node.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Any(i => i.Identifier.ValueText == name);

    private static bool IsAssignableByOthers(ISymbol member) => member switch
    {
        IFieldSymbol field => !field.IsReadOnly && field.DeclaredAccessibility != Accessibility.Private,
        IPropertySymbol property => property.SetMethod is { DeclaredAccessibility: not Accessibility.Private },
        _ => true,
    };

    /// <summary>The record's parameter that makes a property.</summary>
    private static IParameterSymbol? ParameterOf(ISymbol property) =>
        property.ContainingType.InstanceConstructors.SelectMany(c => c.Parameters)
            .FirstOrDefault(p => p.DeclaringSyntaxReferences.SequenceEqual(property.DeclaringSyntaxReferences) || (p.Name == property.Name && SymbolEqualityComparer.Default.Equals(p.Type, (property as IPropertySymbol)?.Type)));
}
