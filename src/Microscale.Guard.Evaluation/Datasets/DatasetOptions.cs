namespace Microscale.Guard.Evaluation;

/// <summary>How a data set is read.</summary>
public sealed class DatasetOptions
{
    /// <summary>How rows are written.</summary>
    /// <value>The default value is <see langword="null"/>: as the file's extension says.</value>
    public DatasetFormat? Format { get; set; }

    /// <summary>The names that fields have in the file, where they differ: <c>options.Fields["premise"] = "document"</c>.</summary>
    /// <value>By default every field has its own name.</value>
    public IDictionary<string, string> Fields { get; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
