using System.Runtime.CompilerServices;
using nietras.SeparatedValues;

namespace Microscale.Guard.Evaluation;

/// <summary>Reads a file of separated values whose first row names the fields. Empty lines are passed over.</summary>
internal static class CsvFile
{
    public static async IAsyncEnumerable<RowFields> ReadAsync(
        string path, char separator, IDictionary<string, string> names, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var reader = await OpenAsync(path, separator, cancellationToken);
        var header = reader.Header.ColNames.Index().ToDictionary(c => c.Item, c => c.Index, StringComparer.Ordinal);
        long line = 2;
        while (await MoveNextAsync(reader, new(path, line), cancellationToken))
        {
            var (values, place, next) = Current(reader, path);
            line = next;
            if (values.Length == header.Count)
            {
                yield return new CsvRowFields(place, names, header, values);
            }
            else if (values is not [""])
            {
                throw place.Bad($"the row has {values.Length} fields and the first row names {header.Count}: quote texts that hold the separator or a line break, and double quotes within them.");
            }
        }
    }

    private static async Task<SepReader> OpenAsync(string path, char separator, CancellationToken cancellationToken)
    {
        try
        {
            // The count of fields is checked here, for a message that says where and what to do.
            return await Sep.New(separator).Reader(o => o with { Unescape = true, DisableColCountCheck = true }).FromFileAsync(path, cancellationToken);
        }
        catch (ArgumentException exception)
        {
            throw new RowPlace(path, 1).Bad($"the first row must name the fields, each once: {exception.Message}", exception);
        }
    }

    private static async ValueTask<bool> MoveNextAsync(SepReader reader, RowPlace place, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.MoveNextAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or IOException))
        {
            throw place.Bad($"the row cannot be read, perhaps for a quote that is not closed: {exception.Message}", exception);
        }
    }

    private static (string[] Values, RowPlace Place, long Next) Current(SepReader reader, string path)
    {
        var row = reader.Current;
        var values = new string[row.ColCount];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = row[i].ToString();
        }

        return (values, new(path, row.LineNumberFrom), row.LineNumberToExcl);
    }
}
