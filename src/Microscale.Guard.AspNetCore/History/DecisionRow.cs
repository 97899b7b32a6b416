namespace Microscale.Guard.AspNetCore;

/// <summary>A decision in a list.</summary>
internal sealed record DecisionRow
{
    public required string Id { get; init; }

    public required long At { get; init; }

    public required string Decision { get; init; }

    public required string Reason { get; init; }

    public string? Model { get; init; }

    public string? Scorer { get; init; }

    public double? Confidence { get; init; }

    public double? Threshold { get; init; }

    public bool Streaming { get; init; }

    public long Attempts { get; init; }

    public long Supported { get; init; }

    public long Contradicted { get; init; }

    public long Unverifiable { get; init; }

    public long Evidence { get; init; }

    public long Faults { get; init; }

    public double TotalMs { get; init; }

    public double OverheadMs { get; init; }

    public long? Tokens { get; init; }

    public string? TraceId { get; init; }

    public string? Question { get; init; }

    /// <summary>What a person said of it; null when nobody did.</summary>
    public string? Label { get; init; }
}

/// <summary>One decision with everything that is known of it.</summary>
internal sealed record DecisionView(DecisionRow Row, DecisionDetail Detail);

/// <summary>Chooses decisions.</summary>
/// <param name="Before">An id; only older decisions.</param>
/// <param name="Decision">Only decisions of this kind.</param>
/// <param name="Reason">Only decisions for this reason.</param>
/// <param name="After">An id; only younger decisions.</param>
internal sealed record DecisionFilter(string? Before = null, string? Decision = null, string? Reason = null, string? After = null)
{
    public (string Where, List<(string, object?)> Parameters) ToSql()
    {
        List<string> conditions = [];
        List<(string, object?)> parameters = [];
        Add("d.id < @before", "@before", Before);
        Add("d.id > @after", "@after", After);
        Add("d.decision = @decision", "@decision", Decision);
        Add("d.reason = @reason", "@reason", Reason);
        return (conditions.Count == 0 ? "" : "WHERE " + string.Join(" AND ", conditions), parameters);

        void Add(string condition, string name, string? value)
        {
            if (value is not null)
            {
                conditions.Add(condition);
                parameters.Add((name, value));
            }
        }
    }
}
