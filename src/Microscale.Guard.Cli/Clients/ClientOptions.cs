using System.CommandLine;

namespace Microscale.Guard.Cli.Clients;

/// <summary>The options that choose a model; all commands that ask one have them.</summary>
internal sealed class ClientOptions
{
    private readonly Option<ClientKind> _client = new("--client")
    {
        Description = "Where the model runs: local (ONNX, the default), ollama, or openai (any server with that protocol).",
        HelpName = "local|ollama|openai",
    };

    private readonly Option<string?> _model = new("--model")
    {
        Description = "The model's name; for a local one also the path of its folder.",
        HelpName = "name",
    };

    private readonly Option<Uri?> _endpoint = new("--endpoint")
    {
        Description = "The server's address, such as http://localhost:11434 (ollama) or http://localhost:8000/v1 (openai).",
        HelpName = "url",
        CustomParser = result => Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? url
            : Invalid(result, $"--endpoint '{result.Tokens[0].Value}' is not an address such as http://localhost:11434."),
    };

    private readonly Option<string> _apiKeyVariable = new("--api-key-variable")
    {
        Description = "The environment variable with the server's key.",
        HelpName = "name",
        DefaultValueFactory = _ => new ClientSettings().ApiKeyVariable,
    };

    public ClientOptions AddTo(Command command)
    {
        command.Options.Add(_client);
        command.Options.Add(_model);
        command.Options.Add(_endpoint);
        command.Options.Add(_apiKeyVariable);
        return this;
    }

    /// <summary>The model that the command line names; what it leaves out comes from <paramref name="defaults"/>, where that is of
    /// the same kind.</summary>
    public ClientSettings Read(ParseResult arguments, ClientSettings? defaults = null)
    {
        var kind = arguments.GetResult(_client) is null ? (ClientKind?)null : arguments.GetValue(_client);
        var settings = defaults is not null && (kind is null || kind == defaults.Kind) ? defaults : new ClientSettings();
        return settings with
        {
            Kind = kind ?? settings.Kind,
            Model = arguments.GetValue(_model) ?? settings.Model,
            Endpoint = arguments.GetValue(_endpoint) ?? settings.Endpoint,
            ApiKeyVariable = arguments.GetResult(_apiKeyVariable) is { Implicit: false } ? arguments.GetValue(_apiKeyVariable)! : settings.ApiKeyVariable,
        };
    }

    private static Uri? Invalid(System.CommandLine.Parsing.ArgumentResult result, string message)
    {
        result.AddError(message);
        return null;
    }
}
