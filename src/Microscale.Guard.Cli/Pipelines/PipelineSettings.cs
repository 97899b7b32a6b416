using System.Text.Json;
using Microscale.Guard.Cli.Clients;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;

namespace Microscale.Guard.Cli.Pipelines;

/// <summary>A pipeline file: which model, what the guard is made of, and how it is set. See docs/cli.md.</summary>
internal sealed class PipelineSettings
{
    /// <summary>The pipeline that answers from documents, when none is named.</summary>
    public const string Grounded = "grounded";

    /// <summary>The pipeline that answers without documents, when none is named.</summary>
    public const string ClosedBook = "closed-book";

    private const string CalibrationFile = "Guard:Calibration:File";

    /// <summary>The pipelines that the tool brings along.</summary>
    public static IReadOnlyList<string> BuiltIn { get; } = [Grounded, ClosedBook];

    /// <summary>What comparisons and reports call it: the name of its file.</summary>
    public string Name { get; set; } = "";

    /// <summary>The model; what the command line says goes over it.</summary>
    public ClientSettings? Client { get; set; }

    /// <summary>The model that is asked when no draft of the first passes; null for none.</summary>
    public ClientSettings? Escalation { get; set; }

    /// <summary>Scores answers; null for none.</summary>
    public ScorerSettings? Scorer { get; set; }

    /// <summary>Judge claims, by the names that <see cref="VerifierFactory"/> knows.</summary>
    public IList<string> Verifiers { get; } = [];

    /// <summary>How documents are cut and found.</summary>
    public DocumentSettings Documents { get; set; } = new();

    /// <summary>How the model is asked.</summary>
    public RequestSettings Request { get; set; } = new();

    /// <summary>What <see cref="HallucinationGuardBuilder.Configure(IConfiguration)"/> reads; null where there is none.</summary>
    public IConfigurationSection? Guard { get; set; }

    /// <summary>Reads a built-in pipeline, by its name, or a file, by its path.</summary>
    /// <exception cref="BadInputException">There is none, or it holds what cannot be.</exception>
    public static PipelineSettings Load(string nameOrPath)
    {
        var builder = new ConfigurationBuilder();
        if (File.Exists(nameOrPath))
        {
            builder.AddJsonFile(Path.GetFullPath(nameOrPath), optional: false, reloadOnChange: false);
        }
        else
        {
            builder.AddJsonStream(typeof(PipelineSettings).Assembly.GetManifestResourceStream($"Pipelines/{nameOrPath}.json")
                ?? throw new BadInputException($"There is no pipeline file '{nameOrPath}', and no built-in pipeline of that name ({string.Join(", ", BuiltIn)})."));
        }

        try
        {
            var configuration = builder.Build();
            if (configuration[CalibrationFile] is { Length: > 0 } calibration)
            {
                // Beside the pipeline file, wherever the tool is started.
                configuration[CalibrationFile] = Path.GetFullPath(calibration, Path.GetDirectoryName(Path.GetFullPath(nameOrPath))!);
            }

            var settings = new PipelineSettings { Name = Path.GetFileNameWithoutExtension(nameOrPath) };
            configuration.Bind(settings, options => options.ErrorOnUnknownConfiguration = true);
            return settings;
        }
        catch (Exception exception) when (exception is InvalidDataException or InvalidOperationException or FormatException or JsonException)
        {
            throw new BadInputException($"The pipeline '{nameOrPath}' cannot be read: {exception.Message} {exception.InnerException?.Message}".TrimEnd(), exception);
        }
    }
}

/// <summary>How documents are cut and found.</summary>
internal sealed class DocumentSettings
{
    /// <summary>Whether passages are found by meaning too, with the local embedding model, or by words only.</summary>
    public bool Embeddings { get; set; } = true;

    public InMemoryEvidenceOptions Search { get; } = new();
}

/// <summary>How the model is asked, where the command line does not say.</summary>
internal sealed class RequestSettings
{
    public float? Temperature { get; set; }

    public long? Seed { get; set; }

    public int? MaxOutputTokens { get; set; }

    public string? Instructions { get; set; }

    public ChatOptions ToChatOptions() => new()
    {
        Temperature = Temperature,
        Seed = Seed,
        MaxOutputTokens = MaxOutputTokens,
        Instructions = Instructions,
    };
}
