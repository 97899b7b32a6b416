using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microscale.Guard.Cli.Clients;
using Microscale.Guard.Onnx;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;

namespace Microscale.Guard.Cli.Pipelines;

/// <summary>A pipeline file: which model, what the guard is made of, and how it is set. See docs/cli.md.</summary>
internal sealed class PipelineSettings
{
    /// <summary>The pipeline that answers from documents with a model that can put them into its own words, when none is named.</summary>
    public const string Grounded = "grounded";

    /// <summary>The pipeline that answers from documents with the small local model, when none is named.</summary>
    public const string Quoted = "quoted";

    /// <summary>The pipeline that answers without documents, when none is named.</summary>
    public const string ClosedBook = "closed-book";

    /// <summary>The sentence of the documents that best answers the question, without a chat model, scored and not judged.</summary>
    public const string Quotations = "quotations";

    /// <summary>The model as it is, scored and not judged.</summary>
    public const string Bare = "bare";

    private const string CalibrationFile = "Guard:Calibration:File";

    /// <summary>The pipelines that the tool brings along.</summary>
    public static IReadOnlyList<string> BuiltIn { get; } = [Grounded, Quoted, Quotations, ClosedBook, Bare];

    /// <summary>What comparisons and reports call it: the name of its file.</summary>
    public string Name { get; set; } = "";

    /// <summary>A hash of all that the file says.</summary>
    public string Fingerprint { get; private set; } = "";

    /// <summary>Whether anything can be withheld: by verdicts, a threshold or a calibration.</summary>
    public bool Decides => Verifiers.Count > 0 || Guard?["AbstainBelow"] is not null || Guard?.GetSection("Calibration").Exists() is true;

    /// <summary>The model; what the command line says goes over it.</summary>
    public ClientSettings? Client { get; set; }

    /// <summary>The model that is asked when no draft of the first passes; null for none.</summary>
    public ClientSettings? Escalation { get; set; }

    /// <summary>When a sentence of the documents is quoted, as a <see cref="QuotingChatClient"/> does; not with
    /// <see cref="Escalation"/>.</summary>
    public QuoteUse Quote { get; set; }

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

    /// <summary>The pipeline that answers from documents, when none is named.</summary>
    public static string ForDocuments(ClientSettings client) => client is { Kind: ClientKind.Local, Model: null } ? Quoted : Grounded;

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
                var path = Path.GetFullPath(calibration, Path.GetDirectoryName(Path.GetFullPath(nameOrPath))!);
                configuration[CalibrationFile] = !File.Exists(path) && LocalCalibrations.Names.Contains(calibration) ? WriteShipped(calibration) : path;
            }

            var settings = new PipelineSettings
            {
                Name = Path.GetFileNameWithoutExtension(nameOrPath),
                Fingerprint = FingerprintOf(configuration),
            };
            configuration.Bind(settings, options => options.ErrorOnUnknownConfiguration = true);
            return settings;
        }
        catch (Exception exception) when (exception is InvalidDataException or InvalidOperationException or FormatException or JsonException)
        {
            throw new BadInputException($"The pipeline '{nameOrPath}' cannot be read: {exception.Message} {exception.InnerException?.Message}".TrimEnd(), exception);
        }
    }

    /// <summary>A file with a calibration that the library brings along: settings name calibrations by their files.</summary>
    private static string WriteShipped(string name)
    {
        var calibration = LocalCalibrations.Load(name);
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "microscale-calibrations")).FullName, $"{name}-{calibration.Checksum[..16]}.json");
        if (!File.Exists(path))
        {
            // Moved into place whole: another process may read it at once.
            var part = Path.ChangeExtension(path, Path.GetRandomFileName());
            calibration.Save(part);
            File.Move(part, path, overwrite: true);
        }

        return path;
    }

    private static string FingerprintOf(IConfiguration configuration) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(
        '\n', configuration.AsEnumerable().Where(p => p.Value is not null).OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}={p.Value}"))))
        .AsSpan(0, 4));
}

/// <summary>When a sentence of the documents is quoted.</summary>
internal enum QuoteUse
{
    Never,

    /// <summary>When no draft of the model passes.</summary>
    Otherwise,

    /// <summary>In place of a model.</summary>
    Always,
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
