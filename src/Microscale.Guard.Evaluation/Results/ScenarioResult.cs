using Microsoft.Extensions.AI;
using Microsoft.Extensions.AI.Evaluation;

namespace Microscale.Guard.Evaluation;

/// <summary>The evaluation of one response, in the form of the result files of Microsoft.Extensions.AI.Evaluation.Reporting.</summary>
/// <remarks>It holds the conversation and the response: keep it as you keep those.</remarks>
public sealed class ScenarioResult
{
    /// <summary>The version of that form which this library writes.</summary>
    public const int CurrentVersion = 1;

    /// <summary>What was evaluated, such as a data set; part of a path.</summary>
    public required string ScenarioName { get; init; }

    /// <summary>Which case of it, such as a row; part of a path.</summary>
    public required string IterationName { get; init; }

    /// <summary>The run; part of a path. Reports put runs side by side.</summary>
    public required string ExecutionName { get; init; }

    /// <summary>When it was evaluated.</summary>
    public required DateTime CreationTime { get; init; }

    /// <summary>The conversation up to the response.</summary>
    public required IList<ChatMessage> Messages { get; init; }

    /// <summary>The response.</summary>
    public required ChatResponse ModelResponse { get; init; }

    /// <summary>The metrics.</summary>
    public required EvaluationResult EvaluationResult { get; init; }

    /// <summary>Words by which reports can be filtered; null for none.</summary>
    public IList<string>? Tags { get; init; }

    /// <summary>The version of the form.</summary>
    public int? FormatVersion { get; init; } = CurrentVersion;
}
