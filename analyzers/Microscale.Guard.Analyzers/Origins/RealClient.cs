using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Microscale.Guard.Analyzers;

/// <summary>Tells a client of a real model from a stand-in, in a test project.</summary>
/// <remarks>A client is real when all that goes into its making is in sight and speaks of a real service: text, addresses, credentials,
/// options, and the provider's types. One that is made of a mock or a type of the tests themselves, of a transport whose end is not the
/// framework's own, or that comes from a fixture, is taken for a stand-in.</remarks>
internal sealed class RealClient
{
    private const int MaxSteps = 500;

    private static readonly string[] s_standIns =
        ["HttpMessageInvoker", "HttpMessageHandler", "PipelineTransport", "HttpPipelineTransport", "IHttpClientFactory", "IServiceProvider", "Mock"];

    private readonly CompilationScope _scope;
    private readonly CancellationToken _cancellationToken;
    private readonly HashSet<ISymbol> _seen = new(SymbolEqualityComparer.Default);
    private int _steps;

    private RealClient(CompilationScope scope, CancellationToken cancellationToken)
    {
        _scope = scope;
        _cancellationToken = cancellationToken;
    }

    public static bool IsMadeInSight(IOperation client, CompilationScope scope, CancellationToken cancellationToken) =>
        new RealClient(scope, cancellationToken).IsReal(client);

    /// <summary>Whether a value, and all that goes into it, may belong to a real client.</summary>
    private bool IsReal(IOperation? value)
    {
        _cancellationToken.ThrowIfCancellationRequested();
        if (value is null || ++_steps > MaxSteps)
        {
            return false;
        }

        if (value.ConstantValue.HasValue || value is IInstanceReferenceOperation or IMethodReferenceOperation)
        {
            return true;
        }

        return value switch
        {
            IObjectCreationOperation creation when IsStandIn(value.Type) => IsRealTransport(creation),
            IInvocationOperation when IsStandIn(value.Type) => false,
            ILocalReferenceOperation local => !_seen.Add(local.Local) || IsRealLocal(local),
            IParameterReferenceOperation { Parameter: var parameter } => IsPlain(parameter.Type) || (IsOfLambda(parameter) && !IsStandIn(parameter.Type)),
            IMemberReferenceOperation member => IsRealMember(member),
            IObjectCreationOperation { Type: { } type } => _scope.Symbols.IsForeign(type) && AreReal(value.ChildOperations),
            IInvocationOperation call => IsRealCall(call),
            ISimpleAssignmentOperation assignment => IsReal(assignment.Value),
            IMemberInitializerOperation member => IsReal(member.Initializer),
            _ => AreReal(value.ChildOperations),
        };
    }

    private bool AreReal(IEnumerable<IOperation?> values) => values.All(IsReal);

    /// <summary>Whether requests end at the network: in a handler of the framework, whatever passes them on to it.</summary>
    private bool IsRealTransport(IObjectCreationOperation creation) => creation.Type?.Name switch
    {
        "HttpClientHandler" or "SocketsHttpHandler" => true,
        "HttpClient" => AreReal(creation.Arguments),
        "HttpClientPipelineTransport" or "HttpClientTransport" => creation.Arguments.Length > 0 && AreReal(creation.Arguments),
        _ => creation.Type?.BaseType?.Name == "DelegatingHandler" && creation.Arguments.Any(a => IsStandIn(a.Value.Type) && IsReal(a.Value)),
    };

    /// <summary>A variable's values, and what is put into it: options are set, and builders are called, after they are made.</summary>
    private bool IsRealLocal(ILocalReferenceOperation use)
    {
        var definitions = Definitions.Reaching(use, use.Local).All;
        return definitions.Count > 0
            && definitions.All(d => d.Value is null ? IsPlain(use.Type) : IsReal(d.Value))
            && Definitions.RootOf(use).Descendants().OfType<ISimpleAssignmentOperation>()
                .Where(a => a.Target is IMemberReferenceOperation { Instance: { } owner } && Definitions.IsReference(owner, use.Local))
                .All(a => IsReal(a.Value))
            && (IsClient(use.Type) || Definitions.RootOf(use).Descendants().OfType<IInvocationOperation>()
                .Where(c => OwnerOf(c) is { } owner && Definitions.IsReference(owner, use.Local))
                .All(c => AreReal(c.Arguments.Where(a => !IsEquipment(a.Value, use.Type)))));
    }

    /// <summary>Whether a value that a kernel's builder is given is a tool, a filter or a logger, which answers nobody.</summary>
    private bool IsEquipment(IOperation value, ITypeSymbol? owner)
    {
        var type = Operations.Unconverted(value).Type;
        return _scope.Symbols.IsKernelBuilder(owner)
            && type is not null
            && !IsStandIn(type)
            && !_scope.Symbols.IsGuardable(type)
            && (type.TypeKind == TypeKind.Delegate ? !_scope.Symbols.IsGuardable(((INamedTypeSymbol)type).DelegateInvokeMethod?.ReturnType)
                : type.TypeKind == TypeKind.Interface || type.Name == "KernelPlugin" || !_scope.Symbols.IsForeign(type));
    }

    /// <summary>A value of a plain type is a setting wherever it comes from, unless an object of the tests gives it: its address may be
    /// that of a scripted server.</summary>
    private bool IsRealMember(IMemberReferenceOperation use)
    {
        var member = use.Member;
        if (use.Instance is not (null or IInstanceReferenceOperation))
        {
            return IsSetting(use) || (!IsStandIn(use.Type) && IsReal(use.Instance));
        }

        return IsPlain(use.Type)
            || (use.Instance is null && _scope.Symbols.IsForeign(member) && !IsStandIn(use.Type))
            || (IsReadOnly(member) && ValuesOf(member).ToList() is { Count: > 0 } values && AreReal(values));
    }

    /// <summary>Whether a plain value is reached by names from a static member alone, as those of a configuration are.</summary>
    private static bool IsSetting(IMemberReferenceOperation use)
    {
        IOperation? owner = use;
        while (owner is IMemberReferenceOperation { Instance: var next })
        {
            owner = next;
        }

        return owner is null && IsPlain(use.Type);
    }

    private bool IsRealCall(IInvocationOperation call)
    {
        if (ChatSymbols.IsMock(call.TargetMethod))
        {
            return false;
        }

        if (!_scope.Symbols.IsForeign(call.TargetMethod) && !IsPlain(call.Type))
        {
            return _seen.Add(call.TargetMethod.OriginalDefinition) && AreReal(ReturnsOf(call.TargetMethod)) && AreReal(call.Arguments);
        }

        return AreReal(call.ChildOperations);
    }

    /// <summary>What a method of the tests returns; a null, which is not real, when that is not in sight.</summary>
    private IEnumerable<IOperation?> ReturnsOf(IMethodSymbol method)
    {
        var declaration = method.OriginalDefinition.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(_cancellationToken);
        var body = method.IsAbstract || method.IsVirtual || declaration is null ? null : _scope.OperationAt(declaration, _cancellationToken);
        return body is null ? Enumerable.Repeat<IOperation?>(null, 1) : ClientTracer.ReturnsOf(body);
    }

    /// <summary>What a readonly member holds, from its initializer and the constructors of its type.</summary>
    private IEnumerable<IOperation?> ValuesOf(ISymbol member)
    {
        var initializer = member.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(_cancellationToken) switch
        {
            VariableDeclaratorSyntax variable => variable.Initializer,
            PropertyDeclarationSyntax property => property.Initializer,
            _ => null,
        };
        if (initializer is not null)
        {
            yield return (_scope.OperationAt(initializer, _cancellationToken) as ISymbolInitializerOperation)?.Value;
        }

        foreach (var constructor in member.ContainingType.Constructors.SelectMany(c => c.DeclaringSyntaxReferences).Select(r => r.GetSyntax(_cancellationToken)).OfType<ConstructorDeclarationSyntax>())
        {
            if (_scope.OperationAt(constructor, _cancellationToken) is { } body)
            {
                foreach (var definition in Definitions.AtEnd(body, member).All)
                {
                    yield return definition.Value;
                }
            }
        }
    }

    /// <summary>The variable that a chain of calls and properties begins with.</summary>
    private static IOperation? OwnerOf(IInvocationOperation call)
    {
        var owner = ChatSymbols.Receiver(call);
        while (owner is IMemberReferenceOperation { Instance: not null } or IInvocationOperation or IConversionOperation)
        {
            owner = owner switch
            {
                IMemberReferenceOperation member => member.Instance,
                IInvocationOperation inner => ChatSymbols.Receiver(inner),
                _ => ((IConversionOperation)owner).Operand,
            };
        }

        return owner;
    }

    private bool IsClient(ITypeSymbol? type) => _scope.Symbols.IsGuardable(type) || _scope.Symbols.IsDirect(type);

    private static bool IsStandIn(ITypeSymbol? type)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            if (Array.IndexOf(s_standIns, current.Name) >= 0)
            {
                return true;
            }
        }

        return type is { TypeKind: TypeKind.Class or TypeKind.Interface } && type.AllInterfaces.Any(i => i.Name == "IServiceProvider");
    }

    private static bool IsReadOnly(ISymbol member) => member is IFieldSymbol { IsReadOnly: true } or IPropertySymbol { SetMethod: null };

    private static bool IsOfLambda(IParameterSymbol parameter) => parameter.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.AnonymousFunction };

    private static bool IsPlain(ITypeSymbol? type) =>
        type is { TypeKind: TypeKind.Enum } or { SpecialType: not (SpecialType.None or SpecialType.System_Object) } or { Name: "Uri" or "TimeSpan" }
        || type?.Name.EndsWith("Credential", StringComparison.Ordinal) is true;
}
