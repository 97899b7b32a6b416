namespace Microscale.Guard.PostgreSql;

/// <summary>Which table a <see cref="PostgreSqlEvidenceSource"/> searches, and how.</summary>
/// <remarks>Read once, when the source is created. Names may be qualified with dots (<c>schema.table</c>); they are quoted, so that
/// upper case and blanks are kept and nothing in them becomes SQL.</remarks>
public sealed class PostgreSqlEvidenceOptions
{
    /// <summary>The table or view, which holds a passage a row.</summary>
    /// <value>There is no default.</value>
    public string Table { get; set; } = "";

    /// <summary>The column that names a passage; of any type.</summary>
    /// <value>The default value is <c>id</c>.</value>
    public string IdColumn { get; set; } = "id";

    /// <summary>The column with the passage's text.</summary>
    /// <value>The default value is <c>text</c>.</value>
    public string TextColumn { get; set; } = "text";

    /// <summary>The column with the title or origin for people, which is searched too; null for none.</summary>
    /// <value>The default value is null.</value>
    public string? SourceColumn { get; set; }

    /// <summary>The column with the address; null for none.</summary>
    /// <value>The default value is null.</value>
    public string? AddressColumn { get; set; }

    /// <summary>A column of type <c>tsvector</c>, best a generated one with a GIN index; null to compute it for each row at each
    /// search, which fits small tables only.</summary>
    /// <value>The default value is null.</value>
    public string? SearchVectorColumn { get; set; }

    /// <summary>The text search configuration, such as <c>english</c> or <c>german</c>; that of
    /// <see cref="SearchVectorColumn"/>.</summary>
    /// <value>The default value is <c>english</c>.</value>
    public string Configuration { get; set; } = "english";

    /// <summary>The share of the question's words (after stemming, without stop words) that a passage must hold, from 0 (one word is
    /// enough) to 1 (all of them). Uncalibrated: tune it on your own documents.</summary>
    /// <value>The default value is 0.3.</value>
    public double MinimumRelevance { get; set; } = 0.3;

    /// <exception cref="ArgumentException">A setting is out of its range; the message names it.</exception>
    internal PostgreSqlEvidenceOptions CloneValidated()
    {
        Require(!string.IsNullOrWhiteSpace(Table), nameof(Table), "the name of the table or view that holds the passages");
        Require(!string.IsNullOrWhiteSpace(IdColumn), nameof(IdColumn), "the column that names a passage");
        Require(!string.IsNullOrWhiteSpace(TextColumn), nameof(TextColumn), "the column with a passage's text");
        Require(!string.IsNullOrWhiteSpace(Configuration), nameof(Configuration), "a text search configuration, such as english");
        Require(MinimumRelevance is >= 0 and <= 1, nameof(MinimumRelevance), "between 0 and 1");
        return (PostgreSqlEvidenceOptions)MemberwiseClone();
    }

    private static void Require(bool holds, string setting, string remedy)
    {
        if (!holds)
        {
            throw new ArgumentException($"{nameof(PostgreSqlEvidenceOptions)}.{setting} is missing or out of range: set it to {remedy}.", setting);
        }
    }
}
