using System.Globalization;

namespace Microscale.Guard.Evaluation;

/// <summary>Where a row stands.</summary>
/// <param name="File">The path of the file.</param>
/// <param name="Line">The line on which it begins, from 1.</param>
internal readonly record struct RowPlace(string File, long Line)
{
    /// <summary>What is to be thrown where the row cannot be read.</summary>
    public InvalidDataException Bad(string what, Exception? inner = null) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{File}, line {Line}: {what}"), inner);
}
