using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Microscale.Guard.Analyzers;

/// <summary>Steps from one operation to the next.</summary>
internal static class Operations
{
    /// <summary>The value below all conversions.</summary>
    public static IOperation Unconverted(IOperation value)
    {
        while (value is IConversionOperation conversion)
        {
            value = conversion.Operand;
        }

        return value;
    }

    /// <summary>The call that is made on a value, by a dot or a conditional dot.</summary>
    public static IInvocationOperation? CallOn(IOperation value)
    {
        var parent = value.Parent;
        if (parent is IConditionalAccessOperation access)
        {
            return access.Operation == value
                ? access.WhenNotNull.DescendantsAndSelf().OfType<IConditionalAccessInstanceOperation>().Select(CallOn).FirstOrDefault()
                : null;
        }

        if (parent is IArgumentOperation { Parameter.Ordinal: 0, Parent: IInvocationOperation { TargetMethod.IsExtensionMethod: true } extension })
        {
            return extension;
        }

        return parent is IInvocationOperation call && call.Instance == value ? call : null;
    }
}
