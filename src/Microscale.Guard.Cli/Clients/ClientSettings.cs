namespace Microscale.Guard.Cli.Clients;

/// <summary>Which model is asked: from the command line, or the section <c>Client</c> or <c>Escalation</c> of a pipeline file.</summary>
internal sealed record ClientSettings
{
    /// <summary>Where it runs.</summary>
    public ClientKind Kind { get; init; }

    /// <summary>The model's name; for a local one also the path of its folder. Null for the default local model.</summary>
    public string? Model { get; init; }

    /// <summary>The server's address; null for the usual one of its kind.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>The environment variable that holds the key of a server: keys do not belong on command lines or in files.</summary>
    public string ApiKeyVariable { get; init; } = "OPENAI_API_KEY";
}
