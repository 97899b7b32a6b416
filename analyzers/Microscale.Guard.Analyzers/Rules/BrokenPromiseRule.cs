using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Microscale.Guard.Analyzers;

/// <summary>MSG004: an unguarded client is passed, returned or assigned where <c>[Guarded]</c> promises a guard.</summary>
/// <remarks>
/// Reports values whose origin is in sight and has no guard that decides: arguments, assignments, initialisers, returned
/// values, and what a marked assembly's public methods and properties return.
/// Silent for values from out of sight.
/// </remarks>
internal sealed class BrokenPromiseRule : IGuardRule
{
    private static readonly DiagnosticDescriptor s_descriptor = new(
        RuleIds.BrokenPromise,
        "A client without a guard is used where a guard is promised",
        "'{0}' promises a guard, and this client has none: add UseHallucinationGuard where it is made",
        RuleIds.Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "The analyzers trust [Guarded] where a client is used, so those who pass, assign or return one are held to it.",
        RuleIds.Page(RuleIds.BrokenPromise));

    public DiagnosticDescriptor Descriptor => s_descriptor;

    public void Register(RuleRegistry registry)
    {
        var scope = registry.Scope;
        if (!scope.Symbols.HasGuardedAttribute)
        {
            return;
        }

        registry.OnNode(c => AnalyzeDeclaration(c, scope), GuardPromises.AttributeNames, SyntaxKind.MethodDeclaration, SyntaxKind.LocalFunctionStatement, SyntaxKind.PropertyDeclaration, SyntaxKind.FieldDeclaration);
        registry.OnNode(c => AnalyzeAssembly(c, scope), GuardPromises.AttributeNames, SyntaxKind.CompilationUnit);
        if (scope.Promises.IsEmpty)
        {
            return;
        }

        // Constructors are called without their names too.
        registry.OnNode(c => AnalyzeArguments(c, scope), scope.Promises.Names.Concat(["new", "this", "base"]), SyntaxKind.InvocationExpression, SyntaxKind.ObjectCreationExpression, SyntaxKind.ImplicitObjectCreationExpression, SyntaxKind.ThisConstructorInitializer, SyntaxKind.BaseConstructorInitializer);
        registry.OnNode(c => AnalyzeAssignment(c, scope), scope.Promises.Names, SyntaxKind.SimpleAssignmentExpression, SyntaxKind.CoalesceAssignmentExpression);
    }

    private static void AnalyzeArguments(CodeContext context, CompilationScope scope)
    {
        var name = context.Node switch
        {
            InvocationExpressionSyntax call => RuleRegistry.NameOf(call.Expression),
            ObjectCreationExpressionSyntax creation => (creation.Type as SimpleNameSyntax ?? (creation.Type as QualifiedNameSyntax)?.Right)?.Identifier.ValueText,
            _ => null,
        };
        if (name is null ? HasNoArguments(context.Node) : !scope.Promises.Contains(name))
        {
            return;
        }

        var arguments = context.SemanticModel.GetOperation(context.Node, context.CancellationToken) switch
        {
            IInvocationOperation call => call.Arguments,
            IObjectCreationOperation creation => creation.Arguments,
            _ => ImmutableArray<IArgumentOperation>.Empty,
        };
        foreach (var argument in arguments)
        {
            if (argument.Parameter is { } parameter && scope.Symbols.IsPromised(parameter.OriginalDefinition))
            {
                Check(context, scope, argument.Value, parameter);
            }
        }
    }

    private static bool HasNoArguments(SyntaxNode call) =>
        call is ImplicitObjectCreationExpressionSyntax { ArgumentList.Arguments.Count: 0 } or ConstructorInitializerSyntax { ArgumentList.Arguments.Count: 0 };

    private static void AnalyzeAssignment(CodeContext context, CompilationScope scope)
    {
        if (RuleRegistry.NameOf(((AssignmentExpressionSyntax)context.Node).Left) is { } name
            && scope.Promises.Contains(name)
            && context.SemanticModel.GetOperation(context.Node, context.CancellationToken) is IAssignmentOperation { Target: IMemberReferenceOperation { Member: var member } } assignment
            && scope.Symbols.IsPromised(member))
        {
            Check(context, scope, assignment.Value, member);
        }
    }

    /// <summary>Holds a declaration to its own promise: what it returns, or is initialised with.</summary>
    private static void AnalyzeDeclaration(CodeContext context, CompilationScope scope)
    {
        var attributes = context.Node switch
        {
            MemberDeclarationSyntax member => member.AttributeLists,
            LocalFunctionStatementSyntax function => function.AttributeLists,
            _ => default,
        };
        if (!IsMarked(context, scope, attributes))
        {
            return;
        }

        switch (context.Node)
        {
            case FieldDeclarationSyntax field:
                foreach (var variable in field.Declaration.Variables)
                {
                    CheckInitializer(context, scope, variable.Initializer, variable.Identifier.ValueText);
                }

                break;
            case PropertyDeclarationSyntax property:
                CheckInitializer(context, scope, property.Initializer, property.Identifier.ValueText);
                CheckReturns(context, scope, context.SemanticModel.GetDeclaredSymbol(property, context.CancellationToken));
                break;
            default:
                CheckReturns(context, scope, context.SemanticModel.GetDeclaredSymbol(context.Node, context.CancellationToken));
                break;
        }
    }

    /// <summary>Holds an assembly to its promise: what its public members return.</summary>
    private static void AnalyzeAssembly(CodeContext context, CompilationScope scope)
    {
        if (!IsMarked(context, scope, ((CompilationUnitSyntax)context.Node).AttributeLists))
        {
            return;
        }

        foreach (var member in PublicMembers(context.Compilation.Assembly.GlobalNamespace, scope.Symbols))
        {
            CheckReturns(context, scope, member);
        }
    }

    private static bool IsMarked(CodeContext context, CompilationScope scope, SyntaxList<AttributeListSyntax> attributes)
    {
        foreach (var list in attributes)
        {
            foreach (var attribute in list.Attributes)
            {
                if (GuardPromises.IsNamedGuarded(attribute)
                    && scope.Symbols.IsGuardedAttribute(context.SemanticModel.GetSymbolInfo(attribute, context.CancellationToken).Symbol?.ContainingType))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static void CheckInitializer(CodeContext context, CompilationScope scope, EqualsValueClauseSyntax? initializer, string name)
    {
        if (initializer is not null && scope.OperationAt(initializer, context.CancellationToken) is ISymbolInitializerOperation { Value: var value })
        {
            Check(context, scope, value, name);
        }
    }

    private static void CheckReturns(CodeContext context, CompilationScope scope, ISymbol? member)
    {
        if ((member as IPropertySymbol)?.GetMethod is { } getter)
        {
            member = getter;
        }

        foreach (var body in member?.DeclaringSyntaxReferences.Select(r => scope.OperationAt(r.GetSyntax(context.CancellationToken), context.CancellationToken)) ?? [])
        {
            foreach (var value in body is null ? [] : ClientTracer.ReturnsOf(body))
            {
                Check(context, scope, value, (member as IMethodSymbol)?.AssociatedSymbol ?? member!);
            }
        }
    }

    private static void Check(CodeContext context, CompilationScope scope, IOperation value, ISymbol promise) => Check(context, scope, value, promise.Name);

    private static void Check(CodeContext context, CompilationScope scope, IOperation value, string promise)
    {
        var traced = scope.CreateTracer(context.CancellationToken).Trace(value);
        if (traced.Origin is ClientOrigin.Unguarded or ClientOrigin.Judged)
        {
            context.ReportDiagnostic(Diagnostic.Create(s_descriptor, value.Syntax.GetLocation(), traced.Places.Select(p => p.GetLocation()), promise));
        }
    }

    private static IEnumerable<ISymbol> PublicMembers(INamespaceOrTypeSymbol container, ChatSymbols symbols)
    {
        foreach (var member in container.GetMembers())
        {
            if (member is INamespaceSymbol or ITypeSymbol { DeclaredAccessibility: Accessibility.Public })
            {
                foreach (var inner in PublicMembers((INamespaceOrTypeSymbol)member, symbols))
                {
                    yield return inner;
                }
            }
            else if (member.DeclaredAccessibility == Accessibility.Public
                && ((member is IPropertySymbol property && symbols.IsGuardable(property.Type))
                    || (member is IMethodSymbol { MethodKind: MethodKind.Ordinary } method && symbols.IsGuardable(method.ReturnType))))
            {
                yield return member;
            }
        }
    }
}
