namespace Microscale.Guard;

/// <summary>How an answer was held to the form that was asked for: a JSON schema, a grammar, the schemas of tools.</summary>
/// <remarks>Immutable. Stands in <see cref="GuardReport.Form"/>. An answer whose form is broken is withheld by every policy.</remarks>
/// <param name="Check">When the form was seen to.</param>
public sealed record AnswerForm(AnswerFormCheck Check)
{
    /// <summary>What is wrong with the answer's form, in words; null when it is kept.</summary>
    public string? Error { get; init; }

    /// <summary>What the form demands and nobody saw to; empty for nothing.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Whether the answer has the form.</summary>
    public bool IsKept => Error is null;
}
