using Microscale.Guard.Cli.Clients;
using Microscale.Guard.Cli.Pipelines;

namespace Microscale.Guard.Cli.Evaluation;

/// <summary>The kinds of data sets, by the names of the command line.</summary>
internal static class DataKind
{
    public const string Groundedness = "groundedness";
    public const string Entailment = "nli";
    public const string Questions = "qa";
    public const string Passages = "rag";
    public const string Schemas = "json-schema";

    public static IReadOnlyList<string> All { get; } = [Groundedness, Entailment, Questions, Passages, Schemas];

    /// <summary>The built-in pipeline that is measured where none is named; null for kinds that need none.</summary>
    public static string? DefaultPipeline(string kind, ClientSettings client) => kind switch
    {
        Questions => PipelineSettings.ClosedBook,
        Passages => PipelineSettings.ForDocuments(client),
        _ => null,
    };
}
