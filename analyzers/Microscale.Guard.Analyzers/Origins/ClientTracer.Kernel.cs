using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Microscale.Guard.Analyzers;

/// <content>Which model does a kernel of Semantic Kernel call?</content>
internal sealed partial class ClientTracer
{
    /// <summary>Traces a call that returns a kernel, its builder, or a service of it.</summary>
    private TracedClient TraceKernelCall(IInvocationOperation call)
    {
        var method = call.TargetMethod;
        if (method.Name == "CreateBuilder")
        {
            return TracedClient.None;
        }

        var receiver = ChatSymbols.Receiver(call);
        if (method.Name == "Build" && _symbols.IsKernel(method.ReturnType))
        {
            // A kernel without a model in sight got it from somewhere else.
            return Trace(receiver) is { Origin: not ClientOrigin.None } traced ? traced : TracedClient.Unknown;
        }

        if (_symbols.IsKernelBuilder(method.ReturnType) && _symbols.IsKernelBuilder(receiver?.Type))
        {
            return AddsModel(method) ? TracedClient.UnguardedForGood.Or(Trace(receiver)) : Trace(receiver);
        }

        return method.Name is "Clone" or "GetRequiredService" or "GetService" && _symbols.IsKernel(receiver?.Type) ? Trace(receiver) : TraceMethod(call);
    }

    /// <summary>What the calls on a kernel builder's variable, and on its services, put into it.</summary>
    private TracedClient AfterServicesOf(IOperation use, ISymbol variable, TracedClient kernel)
    {
        foreach (var other in Definitions.RootOf(use).Descendants())
        {
            if (other is not (ILocalReferenceOperation or IParameterReferenceOperation) || !Definitions.IsReference(other, variable))
            {
                continue;
            }

            for (var call = Operations.CallOn(other); call is not null && _symbols.IsKernelBuilder(call.TargetMethod.ReturnType); call = Operations.CallOn(call))
            {
                kernel = AddsModel(call.TargetMethod) ? kernel.Or(TracedClient.UnguardedForGood) : kernel;
            }

            if (other.Parent is IPropertyReferenceOperation { Property.Name: "Services" } services)
            {
                // Registrations return the services, so that others can follow in one chain.
                for (IOperation? next = services; next is not null; next = Operations.CallOn(next))
                {
                    kernel = kernel.Or(TraceService(next));
                }
            }
            else if (IsHandedOn(other))
            {
                kernel = kernel.OrGuardedByOther();
            }
        }

        return kernel;
    }

    /// <summary>Traces the client that is registered in a kernel's services, with the chain that follows.</summary>
    private TracedClient TraceService(IOperation services)
    {
        var call = Operations.CallOn(services);
        if (call is null)
        {
            return TracedClient.None;
        }

        if (_symbols.IsRegistration(call.TargetMethod))
        {
            for (var next = call; next is not null && _symbols.IsBuilder(next.TargetMethod.ReturnType); next = Operations.CallOn(next))
            {
                call = next;
            }

            return Trace(call);
        }

        if (AddsModel(call.TargetMethod))
        {
            return TracedClient.UnguardedForGood;
        }

        return call.TargetMethod.TypeArguments.Any(_symbols.IsGuardable) && call.Arguments.Length > 1
            ? TraceValueOrFactory(call.Arguments[call.Arguments.Length - 1].Value)
            : TracedClient.None;
    }

    /// <summary>Whether a connector's method registers a model, such as <c>AddOpenAIChatCompletion</c>.</summary>
    private bool AddsModel(IMethodSymbol method) =>
        _symbols.IsForeign(method)
        && method.Name.StartsWith("Add", StringComparison.Ordinal)
        && (method.Name.EndsWith("ChatCompletion", StringComparison.Ordinal)
            || method.Name.EndsWith("ChatClient", StringComparison.Ordinal)
            || method.Name.EndsWith("TextGeneration", StringComparison.Ordinal));
}
