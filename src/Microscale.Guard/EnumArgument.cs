using System.Runtime.CompilerServices;

namespace Microscale.Guard;

/// <summary>Arguments that are one of a set of values.</summary>
internal static class EnumArgument
{
    /// <summary>The value itself.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is none of its type.</exception>
    public static T Checked<T>(T value, [CallerArgumentExpression(nameof(value))] string? parameter = null)
        where T : struct, Enum => Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(parameter, value, $"Use a value of {typeof(T).Name}.");

    /// <summary>The value as a part of a strategy's name.</summary>
    public static string Label<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
