namespace Microscale.Guard.Evaluation;

/// <summary>The rows that a run evaluates.</summary>
/// <typeparam name="TRow">The rows.</typeparam>
/// <param name="kind">The kind of data set, such as <c>qa</c>.</param>
/// <param name="name">What results call it, such as the name of its file.</param>
/// <param name="read">Reads the rows from the first on, the same each time.</param>
/// <param name="hash">A hash of the data, by which a journal knows it again; null for none.</param>
public sealed class EvaluationData<TRow>(string kind, string name, Func<CancellationToken, IAsyncEnumerable<TRow>> read, string? hash = null)
{
    /// <summary>The kind of data set.</summary>
    public string Kind => kind;

    /// <summary>What results call it.</summary>
    public string Name => name;

    /// <summary>A hash of the data; null for none.</summary>
    public string? Hash => hash;

    /// <summary>Reads the rows from the first on.</summary>
    /// <param name="cancellationToken">Ends the reading.</param>
    public IAsyncEnumerable<TRow> ReadAsync(CancellationToken cancellationToken = default) => read(cancellationToken);

    internal async Task<long> CountAsync(CancellationToken cancellationToken)
    {
        long count = 0;
        await foreach (var _ in ReadAsync(cancellationToken))
        {
            count++;
        }

        return count;
    }
}
