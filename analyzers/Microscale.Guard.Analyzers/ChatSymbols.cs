using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Microscale.Guard.Analyzers;

/// <summary>The types and methods of Microsoft.Extensions.AI and Microscale.Guard in one compilation, looked up once.</summary>
/// <remarks>Immutable, so safe for the analyzer's concurrent callbacks.</remarks>
internal sealed class ChatSymbols
{
    private readonly INamedTypeSymbol? _builder;
    private readonly INamedTypeSymbol? _chatClientExtensions;
    private readonly INamedTypeSymbol? _structuredOutputExtensions;
    private readonly INamedTypeSymbol? _delegatingClient;
    private readonly INamedTypeSymbol? _lambdaExpression;
    private readonly Compilation _compilation;

    private ChatSymbols(Compilation compilation, INamedTypeSymbol chatClient)
    {
        _compilation = compilation;
        ChatClient = chatClient;
        _builder = Find(compilation, "Microsoft.Extensions.AI.ChatClientBuilder");
        _chatClientExtensions = Find(compilation, "Microsoft.Extensions.AI.ChatClientExtensions");
        _structuredOutputExtensions = Find(compilation, "Microsoft.Extensions.AI.ChatClientStructuredOutputExtensions");
        _delegatingClient = Find(compilation, "Microsoft.Extensions.AI.DelegatingChatClient");
        _lambdaExpression = Find(compilation, "System.Linq.Expressions.LambdaExpression");
    }

    private INamedTypeSymbol ChatClient { get; }

    /// <summary>The symbols of a compilation; null when it knows no chat clients, so that there is nothing to analyze.</summary>
    public static ChatSymbols? Create(Compilation compilation) =>
        Find(compilation, "Microsoft.Extensions.AI.IChatClient") is { } chatClient ? new ChatSymbols(compilation, chatClient) : null;

    /// <summary>Whether the type is <c>IChatClient</c> or implements it.</summary>
    public bool IsChatClient(ITypeSymbol? type) => type is not null && (Same(type, ChatClient) || Implements(type));

    /// <summary>Whether the type is exactly <c>IChatClient</c>.</summary>
    public bool IsChatClientInterface(ITypeSymbol? type) => Same(type, ChatClient);

    public bool IsBuilder(ITypeSymbol? type) => Same(type, _builder);

    /// <summary>Whether the type decorates another client.</summary>
    public bool IsDelegatingClient(ITypeSymbol? type) => _delegatingClient is not null && DerivesFrom(type, _delegatingClient);

    /// <summary>Whether the type is the client that decides on answers.</summary>
    public static bool IsGuardClient(ITypeSymbol? type) => type is { Name: "AbstentionChatClient" } && IsGuardNamespace(type.ContainingNamespace);

    /// <summary>Whether the type is that of a lambda which is data, never run: a mock's set-up, a query.</summary>
    public bool IsExpressionTree(ITypeSymbol? type) => _lambdaExpression is not null && DerivesFrom(type, _lambdaExpression);

    /// <summary>Whether the call makes a model answer.</summary>
    public bool IsModelCall(IMethodSymbol method)
    {
        if (method.Name is not ("GetResponseAsync" or "GetStreamingResponseAsync"))
        {
            return false;
        }

        var type = method.ContainingType;
        if (method.IsStatic)
        {
            return Same(type, _chatClientExtensions) || Same(type, _structuredOutputExtensions);
        }

        return IsChatClient(type) && ChatClient.GetMembers(method.Name).OfType<IMethodSymbol>().Any(m => Same(m.ReturnType, method.ReturnType));
    }

    /// <summary>Whether the call puts a guard into a chain.</summary>
    public static bool IsGuardCall(IMethodSymbol method) =>
        method.Name is "UseHallucinationGuard" or "UseAbstention" && IsGuardNamespace(method.ContainingNamespace);

    /// <summary>Whether the call turns a client into a builder.</summary>
    public bool IsAsBuilder(IMethodSymbol method) =>
        method is { Name: "AsBuilder", IsExtensionMethod: true, Parameters.Length: > 0 } && IsBuilder(method.ReturnType) && IsChatClient(method.Parameters[0].Type);

    /// <summary>Whether the call makes a client of a builder.</summary>
    public bool IsBuild(IMethodSymbol method) => method.Name == "Build" && IsBuilder(method.ContainingType);

    /// <summary>Whether the call adds a function to a builder.</summary>
    public bool IsUse(IMethodSymbol method) => method.Name == "Use" && IsBuilder(method.ContainingType);

    /// <summary>Whether the call adds a decorator that is known not to be a guard: one of the library's, or one of ours
    /// that judges but does not decide.</summary>
    public bool IsPlainDecorator(IMethodSymbol method) =>
        method.IsExtensionMethod
        && (IsGuardNamespace(method.ContainingNamespace)
            || (IsForeign(method) && method.ContainingAssembly.Name.StartsWith("Microsoft.Extensions.AI", StringComparison.Ordinal)));

    /// <summary>Whether the call hands out a provider's own client as a chat client.</summary>
    /// <remarks>Providers agree on the name only. A method of the compilation itself is not a provider's.</remarks>
    public bool IsProviderConversion(IMethodSymbol method) =>
        method.IsExtensionMethod
        && (method.Name.StartsWith("AsIChatClient", StringComparison.Ordinal) || method.Name == "AsChatClient")
        && IsForeign(method)
        && IsChatClient(method.ReturnType);

    /// <summary>The value that a call is made on: the instance, or the first argument of an extension method.</summary>
    public static IOperation? Receiver(IInvocationOperation call)
    {
        if (call.Instance is not null || !call.TargetMethod.IsExtensionMethod)
        {
            return call.Instance;
        }

        foreach (var argument in call.Arguments)
        {
            if (argument.Parameter?.Ordinal == 0)
            {
                return argument.Value;
            }
        }

        return null;
    }

    private bool IsForeign(IMethodSymbol method) => !SymbolEqualityComparer.Default.Equals(method.ContainingAssembly, _compilation.Assembly);

    private bool Implements(ITypeSymbol type)
    {
        foreach (var implemented in type.AllInterfaces)
        {
            if (Same(implemented, ChatClient))
            {
                return true;
            }
        }

        return false;
    }

    private static bool DerivesFrom(ITypeSymbol? type, INamedTypeSymbol ancestor)
    {
        for (; type is not null; type = type.BaseType)
        {
            if (Same(type, ancestor))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsGuardNamespace(INamespaceSymbol? space) =>
        space is { Name: "Guard", ContainingNamespace: { Name: "Microscale", ContainingNamespace.IsGlobalNamespace: true } };

    private static bool Same(ISymbol? one, ISymbol? other) => one is not null && SymbolEqualityComparer.Default.Equals(one, other);

    /// <remarks>The plain look-up finds nothing when two referenced assemblies define the type; then the first serves.</remarks>
    private static INamedTypeSymbol? Find(Compilation compilation, string name) =>
        compilation.GetTypeByMetadataName(name) ?? compilation.GetTypesByMetadataName(name).FirstOrDefault();
}
