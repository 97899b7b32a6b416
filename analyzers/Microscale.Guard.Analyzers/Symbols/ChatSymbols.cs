using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Microscale.Guard.Analyzers;

/// <summary>The types of the model libraries and of Microscale.Guard in one compilation, looked up once.</summary>
/// <remarks>Immutable, so safe for the analyzer's concurrent callbacks.</remarks>
internal sealed partial class ChatSymbols
{
    private static readonly string[] s_testFrameworks =
        ["xunit.core", "xunit.v3.core", "nunit.framework", "Microsoft.VisualStudio.TestPlatform.TestFramework", "MSTest.TestFramework", "TUnit.Core"];

    /// <summary>Contracts whose implementations call a model as a part of judging, not for an answer.</summary>
    private static readonly string[] s_judges =
    [
        "Microsoft.Extensions.AI.Evaluation.IEvaluator",
        "Microscale.Guard.IClaimVerifier",
        "Microscale.Guard.IConfidenceScorer",
        "Microscale.Guard.IEvidenceSource",
        "Microscale.Guard.ISampleGenerator",
    ];

    private readonly IAssemblySymbol _assembly;
    private readonly ImmutableArray<INamedTypeSymbol> _guardable;
    private readonly ImmutableArray<INamedTypeSymbol> _direct;
    private readonly ImmutableArray<INamedTypeSymbol> _judges;
    private readonly INamedTypeSymbol? _chatClient;
    private readonly INamedTypeSymbol? _chatBuilder;
    private readonly INamedTypeSymbol? _agentBuilder;
    private readonly INamedTypeSymbol? _delegatingClient;
    private readonly INamedTypeSymbol? _delegatingAgent;
    private readonly INamedTypeSymbol? _lambdaExpression;
    private readonly INamedTypeSymbol? _kernel;
    private readonly INamedTypeSymbol? _kernelFunction;
    private readonly INamedTypeSymbol? _kernelBuilder;
    private readonly INamedTypeSymbol? _guarded;

    private ChatSymbols(Compilation compilation, ImmutableArray<INamedTypeSymbol> guardable, ImmutableArray<INamedTypeSymbol> direct, GuardOptions options)
    {
        _assembly = compilation.Assembly;
        _guardable = guardable.AddRange(options.ModelCallTypes.Select(t => Find(compilation, t)).OfType<INamedTypeSymbol>());

        // A provider's library calls itself.
        _direct = direct.RemoveAll(t => Same(t.ContainingAssembly, compilation.Assembly));
        _judges = FindAll(compilation, s_judges);
        Options = options;
        _chatClient = Find(compilation, ModelCalls.Guardable[0].Type);
        _chatBuilder = Find(compilation, "Microsoft.Extensions.AI.ChatClientBuilder");
        _agentBuilder = Find(compilation, "Microsoft.Agents.AI.AIAgentBuilder");
        _delegatingClient = Find(compilation, "Microsoft.Extensions.AI.DelegatingChatClient");
        _delegatingAgent = Find(compilation, "Microsoft.Agents.AI.DelegatingAIAgent");
        _lambdaExpression = Find(compilation, "System.Linq.Expressions.LambdaExpression");
        _kernel = Find(compilation, "Microsoft.SemanticKernel.Kernel");
        _kernelFunction = Find(compilation, "Microsoft.SemanticKernel.KernelFunction");
        _kernelBuilder = Find(compilation, "Microsoft.SemanticKernel.IKernelBuilder");
        _guarded = Find(compilation, "Microscale.Guard.GuardedAttribute");
        IsTest = compilation.ReferencedAssemblyNames.Any(a => s_testFrameworks.Contains(a.Name, StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>What the users of this compilation say in .editorconfig.</summary>
    public GuardOptions Options { get; }

    /// <summary>Whether the compilation refers to a test framework: only clients that are surely real matter in it.</summary>
    public bool IsTest { get; }

    /// <summary>Whether the compilation knows the attribute that promises a guard.</summary>
    public bool HasGuardedAttribute => _guarded is not null;

    /// <summary>The symbols of a compilation; null when it refers to no model library, so that there is nothing to analyze.</summary>
    public static ChatSymbols? Create(Compilation compilation, Func<GuardOptions> options)
    {
        var guardable = FindAll(compilation, ModelCalls.Guardable.Select(c => c.Type));
        var direct = FindAll(compilation, ModelCalls.Direct.Select(c => c.Type));
        return guardable.IsEmpty && direct.IsEmpty ? null : new ChatSymbols(compilation, guardable, direct, options());
    }

    /// <summary>Whether the type is <c>IChatClient</c> or implements it.</summary>
    public bool IsChatClient(ITypeSymbol? type) => Is(type, _chatClient);

    /// <summary>Whether the type is exactly <c>IChatClient</c>.</summary>
    public bool IsChatClientInterface(ITypeSymbol? type) => Same(type, _chatClient);

    /// <summary>Whether models are called through the type, and a guard can stand behind it.</summary>
    public bool IsGuardable(ITypeSymbol? type) => type is not null && IsAny(type, _guardable);

    /// <summary>Whether models are called through the type without the possibility of a guard.</summary>
    public bool IsDirect(ITypeSymbol? type) => type is not null && IsAny(type, _direct);

    /// <summary>Whether the type builds a chain around a client or an agent.</summary>
    public bool IsBuilder(ITypeSymbol? type) => Same(type, _chatBuilder) || Same(type, _agentBuilder);

    public bool IsChatBuilder(ITypeSymbol? type) => Same(type, _chatBuilder);

    /// <summary>Whether a guard can be put around a value of the type: a chain of chat clients, or one.</summary>
    public bool IsChatBuilderOrClient(ITypeSymbol? type) => IsChatBuilder(type) || IsChatClient(type);

    /// <summary>Whether the compilation knows kernels of Semantic Kernel.</summary>
    public bool HasKernel => _kernel is not null;

    public bool IsKernel(ITypeSymbol? type) => Same(type, _kernel);

    /// <summary>Whether the type is a function that a kernel can run.</summary>
    public bool IsKernelFunction(ITypeSymbol? type) => Is(type, _kernelFunction);

    public bool IsKernelBuilder(ITypeSymbol? type) => Is(type, _kernelBuilder);

    /// <summary>Whether the type decorates another client.</summary>
    public bool IsDelegating(ITypeSymbol? type) => Is(type, _delegatingClient) || Is(type, _delegatingAgent);

    /// <summary>Whether the type is the client that decides on answers.</summary>
    public static bool IsGuardClient(ITypeSymbol? type) => type is { Name: "AbstentionChatClient" } && IsGuardNamespace(type.ContainingNamespace);

    /// <summary>Whether the type is a client that judges answers and does not decide.</summary>
    public static bool IsJudgeClient(ITypeSymbol? type) =>
        type is { Name: "VerificationChatClient" or "ConfidenceChatClient" } && IsGuardNamespace(type.ContainingNamespace);

    /// <summary>Whether the type is that of a lambda which is data, never run: a mock's set-up, a query.</summary>
    public bool IsExpressionTree(ITypeSymbol? type) => Is(type, _lambdaExpression);

    /// <summary>Whether a client of this type is none that a guard is for: the user said so, or it stands in for a model
    /// in a test.</summary>
    public bool IsIgnored(ITypeSymbol? type) =>
        type is not null
        && (Options.IsIgnored(type)
            || (IsTest && Same(type.ContainingAssembly, _assembly) && type.TypeKind == TypeKind.Class && IsGuardable(type)));

    /// <summary>Whether the calls that a type makes are a part of a client, of a judge or of the guard itself, so that the
    /// callers of the type are the ones to look at.</summary>
    public bool IsPartOfAClient(INamedTypeSymbol? type)
    {
        for (; type is not null; type = type.ContainingType)
        {
            if (IsGuardable(type) || IsDirect(type) || IsAny(type, _judges) || Options.IsIgnored(type) || IsOwn(type))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a declaration promises that the client it stands for has a guard.</summary>
    public bool IsPromised(ISymbol symbol) => _guarded is not null && symbol switch
    {
        IMethodSymbol method => HasGuarded(method.GetReturnTypeAttributes()) || PromisesAll(method),
        IParameterSymbol or IFieldSymbol => HasGuarded(symbol.GetAttributes()) || IsPromisedByProperty(symbol),
        IPropertySymbol property => HasGuarded(symbol.GetAttributes()) || PromisesAll(symbol) || IsPromisedByRecord(property),
        _ => false,
    };

    /// <summary>Whether the attribute is the one that promises a guard.</summary>
    public bool IsGuardedAttribute(ITypeSymbol? type) => Same(type, _guarded);

    public bool IsForeign(ISymbol symbol) => !Same(symbol.ContainingAssembly, _assembly);

    private bool HasGuarded(ImmutableArray<AttributeData> attributes)
    {
        foreach (var attribute in attributes)
        {
            if (Same(attribute.AttributeClass, _guarded))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Another assembly promises for all that it hands out.</summary>
    private bool PromisesAll(ISymbol symbol) => IsForeign(symbol) && symbol.ContainingAssembly is { } other && HasGuarded(other.GetAttributes());

    /// <summary>A record's parameter and the property that it makes are one promise.</summary>
    private bool IsPromisedByRecord(IPropertySymbol property) =>
        property.ContainingType is { IsRecord: true } record
        && record.InstanceConstructors.Any(c => c.Parameters.Any(p => p.Name == property.Name && HasGuarded(p.GetAttributes())));

    private bool IsPromisedByProperty(ISymbol symbol) =>
        symbol is IFieldSymbol { AssociatedSymbol: { } property } && HasGuarded(property.GetAttributes());

    private static bool IsAny(ITypeSymbol type, ImmutableArray<INamedTypeSymbol> ancestors)
    {
        foreach (var ancestor in ancestors)
        {
            if (Is(type, ancestor))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Is(ITypeSymbol? type, INamedTypeSymbol? ancestor)
    {
        if (type is null || ancestor is null)
        {
            return false;
        }

        if (ancestor.TypeKind == TypeKind.Interface)
        {
            return Same(type, ancestor) || Implements(type, ancestor) || IsConstrainedTo(type, ancestor);
        }

        for (var current = type; current is not null; current = current.BaseType)
        {
            if (Same(current, ancestor))
            {
                return true;
            }
        }

        return IsConstrainedTo(type, ancestor);
    }

    private static bool Implements(ITypeSymbol type, INamedTypeSymbol ancestor)
    {
        foreach (var implemented in type.AllInterfaces)
        {
            if (Same(implemented, ancestor))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsConstrainedTo(ITypeSymbol type, INamedTypeSymbol ancestor)
    {
        if (type is ITypeParameterSymbol parameter)
        {
            foreach (var constraint in parameter.ConstraintTypes)
            {
                if (constraint is not ITypeParameterSymbol && Is(constraint, ancestor))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool IsGuardNamespace(INamespaceSymbol? space) =>
        space is { Name: "Guard", ContainingNamespace: { Name: "Microscale", ContainingNamespace.IsGlobalNamespace: true } };

    private static bool Same(ISymbol? one, ISymbol? other) => one is not null && SymbolEqualityComparer.Default.Equals(one, other);

    private static ImmutableArray<INamedTypeSymbol> FindAll(Compilation compilation, IEnumerable<string> names) =>
        names.Select(n => Find(compilation, n)).OfType<INamedTypeSymbol>().ToImmutableArray();

    /// <remarks>The plain look-up finds nothing when two referenced assemblies define the type; then the first serves.</remarks>
    private static INamedTypeSymbol? Find(Compilation compilation, string name) =>
        compilation.GetTypeByMetadataName(name) ?? compilation.GetTypesByMetadataName(name).FirstOrDefault();
}
