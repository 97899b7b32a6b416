using System.Runtime.CompilerServices;

namespace Microscale.Guard.Grammar;

/// <summary>Turns what would overflow the stack into an error that a caller can handle.</summary>
internal static class RecursionGuard
{
    public static void Check()
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new GrammarLimitException("The grammar is nested too deeply; make its expressions flatter.");
        }
    }
}
