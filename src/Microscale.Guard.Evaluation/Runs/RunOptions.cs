namespace Microscale.Guard.Evaluation;

/// <summary>How a run is made.</summary>
public sealed class RunOptions
{
    /// <summary>How many rows are evaluated at most; null for all. The seed chooses them.</summary>
    /// <value>The default value is <see langword="null"/>.</value>
    public int? Limit { get; set; }

    /// <summary>Chooses the rows, where there is a limit.</summary>
    /// <value>The default value is 0.</value>
    public long Seed { get; set; }

    /// <summary>How many evaluations run at once; at least 1. Figures do not depend on it, as far as the pipelines do not.</summary>
    /// <value>The default value is 1.</value>
    public int Concurrency { get; set; } = 1;

    /// <summary>The file that keeps what is done; a run that was ended goes on with it. Null for none.</summary>
    /// <value>The default value is <see langword="null"/>.</value>
    public string? JournalPath { get; set; }

    /// <summary>Whether questions and answers are kept in the journal and as examples in results.</summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool KeepTexts { get; set; } = true;

    /// <summary>Gets to know how far the run is, after each evaluation.</summary>
    /// <value>The default value is <see langword="null"/>.</value>
    public IProgress<RunProgress>? Progress { get; set; }

    /// <summary>The clock.</summary>
    /// <value>The default value is <see cref="TimeProvider.System"/>.</value>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    internal RunOptions Validated()
    {
        if (Limit is < 1)
        {
            throw new InvalidOperationException($"{nameof(RunOptions)}.{nameof(Limit)} is {Limit}: set it to at least 1, or leave it out for all rows.");
        }

        return Concurrency >= 1
            ? (RunOptions)MemberwiseClone()
            : throw new InvalidOperationException($"{nameof(RunOptions)}.{nameof(Concurrency)} is {Concurrency}: set it to at least 1.");
    }
}
