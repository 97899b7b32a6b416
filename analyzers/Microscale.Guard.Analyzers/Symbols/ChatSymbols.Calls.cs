using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Microscale.Guard.Analyzers;

/// <content>Which calls make a model answer, and which put something around a client?</content>
internal sealed partial class ChatSymbols
{
    /// <summary>The names of the methods that make a model answer, of the types that the compilation knows.</summary>
    public IEnumerable<string> CallNames => ModelCalls.Guardable.Concat(ModelCalls.Direct)
        .Where(c => _guardable.Concat(_direct).Any(t => IsNamed(t, c.Type)))
        .SelectMany(c => c.Methods);

    /// <summary>The type through which a call makes a model answer; null when it does not.</summary>
    public ITypeSymbol? ModelOf(IMethodSymbol method)
    {
        if (Options.IsModelCall(method))
        {
            return method.ContainingType;
        }

        var model = IsForeign(method) && method.IsExtensionMethod ? method.Parameters[0].Type : method.IsStatic ? null : method.ContainingType;
        return model is not null && (Has(ModelCalls.Direct, model, method) || Has(ModelCalls.Guardable, model, method)) ? model : null;
    }

    /// <summary>Whether a model call goes around any guard, whatever its client is.</summary>
    public bool IsDirectCall(IMethodSymbol method, ITypeSymbol model) => !Options.IsModelCall(method) && Has(ModelCalls.Direct, model, method);

    /// <summary>Whether the call puts a guard into a chain, or makes a guarded client.</summary>
    public bool IsGuardCall(IMethodSymbol method) => IsOwnGuardCall(method) || Options.IsGuardMethod(method);

    /// <summary>Whether the call puts this library's guard into a chain.</summary>
    public static bool IsOwnGuardCall(IMethodSymbol method) =>
        method.Name is "UseHallucinationGuard" or "UseAbstention" && IsGuardNamespace(method.ContainingNamespace);

    /// <summary>Whether the call adds a judge to a chain, whose judgement the caller has to look at.</summary>
    public static bool IsJudgeCall(IMethodSymbol method) =>
        method.Name is "UseVerification" or "UseConfidence" && IsGuardNamespace(method.ContainingNamespace);

    /// <summary>Whether the method is declared by Microscale.Guard.</summary>
    public static bool IsOwn(ISymbol symbol) => IsGuardNamespace(symbol.ContainingNamespace);

    /// <summary>Whether the call turns a client or an agent into a builder.</summary>
    public bool IsAsBuilder(IMethodSymbol method) =>
        method is { Name: "AsBuilder", IsExtensionMethod: true, Parameters.Length: > 0 } && IsBuilder(method.ReturnType) && IsGuardable(method.Parameters[0].Type);

    /// <summary>Whether the call makes a client or an agent of a builder.</summary>
    public bool IsBuild(IMethodSymbol method) => method.Name == "Build" && IsBuilder(method.ContainingType);

    /// <summary>Whether the call adds a function to a builder.</summary>
    public bool IsUse(IMethodSymbol method) => method.Name == "Use" && IsBuilder(method.ContainingType);

    /// <summary>Whether the call registers a client as a service and returns the builder of its chain.</summary>
    public bool IsRegistration(IMethodSymbol method) =>
        method.Name is "AddChatClient" or "AddKeyedChatClient" && IsChatBuilder(method.ReturnType) && IsForeign(method);

    /// <summary>Whether the call adds a decorator that is known not to be a guard: one of the libraries', or one of ours
    /// that neither judges nor decides.</summary>
    public bool IsPlainDecorator(IMethodSymbol method) =>
        method.IsExtensionMethod
        && (IsGuardNamespace(method.ContainingNamespace)
            || (IsForeign(method) && StartsWithAny(method.ContainingAssembly.Name, "Microsoft.Extensions.AI", "Microsoft.Agents.AI", "Microsoft.SemanticKernel")));

    /// <summary>Whether the call makes one kind of model of another, without a guard between: an agent of a client, a chat
    /// service of a client, a client of an agent. Providers make agents of types of their own by the same names.</summary>
    public bool IsAdapter(IMethodSymbol method) =>
        method.Name is "AsAIAgent" or "CreateAIAgent" or "BuildAIAgent" or "GetAIAgent" or "CreateAIAgentAsync" or "GetAIAgentAsync"
            or "AsChatCompletionService" or "AsChatClient" or "AsIChatClient"
        && method.IsExtensionMethod
        && IsForeign(method)
        && IsGuardable(method.ReturnType is INamedTypeSymbol { Name: "Task" or "ValueTask", TypeArguments.Length: 1 } task ? task.TypeArguments[0] : method.ReturnType);

    /// <summary>Whether the call hands out a model of its own as a chat client: a provider's client, or a local model.</summary>
    /// <remarks>Providers agree on the name only. A method of the compilation itself is not a provider's.</remarks>
    public bool IsProvider(IMethodSymbol method) =>
        IsForeign(method)
        && IsChatClient(method.ReturnType)
        && ((method.IsExtensionMethod && (method.Name.StartsWith("AsIChatClient", StringComparison.Ordinal) || method.Name == "AsChatClient"))
            || (method.ContainingType.Name == "LocalModels" && IsGuardNamespace(method.ContainingNamespace)));

    /// <summary>Whether the call makes a stand-in of a mocking library.</summary>
    public static bool IsMock(IMethodSymbol method) => method.IsStatic && (method.ContainingType.Name, method.Name) switch
    {
        ("Substitute", "For") or ("Substitute", "ForPartsOf") or ("A", "Fake") or ("Mock", "Of") => true,
        _ => false,
    };

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

    /// <remarks>By name and result: an implementation's method of the same name with another result is another matter.</remarks>
    private bool Has((string Type, string[] Methods)[] table, ITypeSymbol model, IMethodSymbol method)
    {
        foreach (var (name, methods) in table)
        {
            if (Array.IndexOf(methods, method.Name) < 0)
            {
                continue;
            }

            foreach (var type in table == ModelCalls.Direct ? _direct : _guardable)
            {
                if (Is(model, type) && IsNamed(type, name) && (type.TypeKind != TypeKind.Interface || method.IsExtensionMethod || HasSameResult(type, method)))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool HasSameResult(INamedTypeSymbol type, IMethodSymbol method)
    {
        foreach (var member in type.GetMembers(method.Name))
        {
            if (member is IMethodSymbol declared && Same(declared.ReturnType, method.ReturnType))
            {
                return true;
            }
        }

        return false;
    }

    /// <remarks>The namespace is compared by its end alone: the types were found by their full names.</remarks>
    private static bool IsNamed(INamedTypeSymbol type, string name) =>
        name.EndsWith(type.Name, StringComparison.Ordinal) && name[name.Length - type.Name.Length - 1] == '.';

    private static bool StartsWithAny(string name, params string[] starts)
    {
        foreach (var start in starts)
        {
            if (name.StartsWith(start, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
