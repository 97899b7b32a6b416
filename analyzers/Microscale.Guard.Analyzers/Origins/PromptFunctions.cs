using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Microscale.Guard.Analyzers;

/// <summary>Which functions of Semantic Kernel are prompts, so that to run one is to call a model?</summary>
internal static class PromptFunctions
{
    private const int MaxDepth = 8;

    /// <summary>The kernel whose model a call asks by running a function that is made of a prompt in sight; null when the call does
    /// not.</summary>
    public static IOperation? KernelOf(IInvocationOperation call, ChatSymbols symbols)
    {
        if (Array.IndexOf(ModelCalls.Functions, call.TargetMethod.Name) < 0 || call.Instance is not { } instance)
        {
            return null;
        }

        var (function, kernel) = symbols.IsKernel(call.TargetMethod.ContainingType) ? (ArgumentOf(call, symbols.IsKernelFunction), instance)
            : symbols.IsKernelFunction(call.TargetMethod.ContainingType) ? (instance, ArgumentOf(call, symbols.IsKernel))
            : default;
        return function is not null && kernel is not null && IsPrompt(function, 0) ? kernel : null;
    }

    private static bool IsPrompt(IOperation? function, int depth)
    {
        if (function is null || depth > MaxDepth)
        {
            return false;
        }

        return Operations.Unconverted(function) switch
        {
            IInvocationOperation call => IsFactory(call.TargetMethod),
            ILocalReferenceOperation use => Definitions.Reaching(use, use.Local).All.Any(d => IsPrompt(d.Value, depth + 1)),
            IConditionalOperation choice => IsPrompt(choice.WhenTrue, depth + 1) || IsPrompt(choice.WhenFalse, depth + 1),
            ICoalesceOperation choice => IsPrompt(choice.Value, depth + 1) || IsPrompt(choice.WhenNull, depth + 1),
            _ => false,
        };
    }

    private static bool IsFactory(IMethodSymbol method) =>
        method.Name is "CreateFunctionFromPrompt" or "CreateFunctionFromPromptYaml" or "CreateFromPrompt"
        || (method.Name == "Create" && method.ContainingType.Name == "KernelFunctionFromPrompt");

    private static IOperation? ArgumentOf(IInvocationOperation call, Func<ITypeSymbol?, bool> isWanted)
    {
        foreach (var argument in call.Arguments)
        {
            if (isWanted(argument.Parameter?.Type))
            {
                return argument.Value;
            }
        }

        return null;
    }
}
