namespace Microscale.Guard.Evaluation;

/// <summary>How the rows of a data set are written.</summary>
public enum DatasetFormat
{
    /// <summary>A JSON object a line (.jsonl, .ndjson).</summary>
    JsonLines,

    /// <summary>Comma-separated values as in RFC 4180, the first row naming the fields (.csv). A list of answers is a JSON array, or
    /// is parted by <c>|</c>.</summary>
    Csv,

    /// <summary>The same with tabs (.tsv).</summary>
    Tsv,
}
