namespace Microscale.Guard.Evaluation;

/// <summary>What a run measures, as its journal begins.</summary>
/// <param name="Kind">The kind of data set, such as <c>qa</c>.</param>
/// <param name="Data">The name of the data file, without its folder.</param>
/// <param name="DataHash">The SHA-256 of the data file; null when the rows do not come from a file.</param>
/// <param name="Rows">How many rows the data set has.</param>
/// <param name="Limit">How many of them are evaluated at most; null for all.</param>
/// <param name="Seed">Chooses them, and is passed to models.</param>
/// <param name="Pipelines">The pipelines.</param>
public sealed record RunDescription(
    string Kind, string Data, string? DataHash, long Rows, int? Limit, long Seed, IReadOnlyList<PipelineDescription> Pipelines)
{
    /// <summary>The version of the journal's format.</summary>
    public int Version { get; init; } = RunJournal.CurrentVersion;

    /// <summary>Why a journal that began with this cannot go on with another; null when it can.</summary>
    internal string? Mismatch(RunDescription next) =>
        Version != next.Version ? $"it is of version {Version}, and this library writes version {next.Version}"
        : Kind != next.Kind ? $"it is of a run of kind {Kind}, not {next.Kind}"
        : DataHash != next.DataHash || Rows != next.Rows ? $"it is of a run over other data ({Data}, {Rows} rows)"
        : Seed != next.Seed ? $"it is of a run with seed {Seed}, not {next.Seed}"
        : next.Pipelines.FirstOrDefault(p => Pipelines.Any(q => q.Name == p.Name && q.Fingerprint != p.Fingerprint)) is { } changed
            ? $"its pipeline '{changed.Name}' was {Pipelines.First(q => q.Name == changed.Name).Fingerprint}, and is now {changed.Fingerprint}"
        : null;

    /// <summary>This, where it differs only in what a journal can go on with.</summary>
    internal bool IsSameAs(RunDescription other) =>
        Mismatch(other) is null && Limit == other.Limit && Pipelines.SequenceEqual(other.Pipelines);
}

/// <summary>A pipeline of a run.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Fingerprint">What it is made of.</param>
public sealed record PipelineDescription(string Name, string Fingerprint);
