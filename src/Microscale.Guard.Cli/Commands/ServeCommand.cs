using System.CommandLine;
using System.Globalization;
using System.Net;
using Microscale.Guard.AspNetCore;
using Microscale.Guard.Cli.Output;
using Microscale.Guard.Cli.Pipelines;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace Microscale.Guard.Cli.Commands;

/// <summary><c>microscale serve</c>: a guarded model behind the protocols of OpenAI and Ollama.</summary>
internal sealed class ServeCommand : CliCommand
{
    private readonly PipelineOptions _pipeline;
    private readonly Option<IPAddress> _host = new("--host")
    {
        Description = "The address to listen at. There is no authorization: keep to the default, or put a proxy before it.",
        HelpName = "ip",
        DefaultValueFactory = _ => IPAddress.Loopback,
        CustomParser = result =>
        {
            if (IPAddress.TryParse(result.Tokens[0].Value, out var address))
            {
                return address;
            }

            result.AddError($"--host '{result.Tokens[0].Value}' is not an IP address such as 127.0.0.1.");
            return IPAddress.Loopback;
        },
    };

    private readonly Option<int> _port = new("--port") { Description = "The port; 0 lets the system choose.", HelpName = "n", DefaultValueFactory = _ => 11435 };

    private readonly Option<string> _name = new("--name") { Description = "The name of the served model.", HelpName = "name", DefaultValueFactory = _ => "guarded" };

    public ServeCommand(Terminal terminal)
        : base(
            terminal,
            "serve",
            "Serves a guarded model to programs that speak the protocol of OpenAI or of Ollama.",
            new CommandExample("serve --documents handbook/", "the local model, answering from documents"),
            new CommandExample("serve --client ollama --model llama3.2 --pipeline strict.json --port 8080", "a guard before an Ollama server"))
    {
        _port.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or > 65535)
            {
                result.AddError("--port must be from 0 to 65535.");
            }
        });
        _pipeline = new PipelineOptions().AddTo(this);
        Options.Add(_host);
        Options.Add(_port);
        Options.Add(_name);
    }

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        using var pipeline = await Terminal.WaitAsync("Loading the models", () => _pipeline.OpenAsync(arguments, keepDraft: false, cancellationToken));
        var defaults = _pipeline.ReadRequest(arguments, pipeline);

        // The pipeline owns its clients; this layer only fills in what a request leaves open.
        using var client = pipeline.Guarded.AsBuilder().ConfigureOptions(options => FillIn(options, defaults)).Build();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(arguments.GetValue(_host)!, arguments.GetValue(_port)));
        await using var application = builder.Build();
        application.MapGuardedOpenAI(Configure);
        application.MapGuardedOllama(Configure);
        await application.StartAsync(cancellationToken);
        var address = application.Urls.First().TrimEnd('/');
        await Terminal.Output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"Serving '{arguments.GetValue(_name)}' at {address}/v1 (OpenAI) and {address} (Ollama); Ctrl+C ends it."));
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // How a server ends.
        }

        await application.StopAsync(CancellationToken.None);
        return ExitCodes.Success;

        void Configure(GuardedEndpointOptions options)
        {
            options.Client = client;
            options.ModelName = arguments.GetValue(_name);
        }
    }

    private static void FillIn(ChatOptions options, ChatOptions defaults)
    {
        options.Temperature ??= defaults.Temperature;
        options.Seed ??= defaults.Seed;
        options.MaxOutputTokens ??= defaults.MaxOutputTokens;
        options.Instructions ??= defaults.Instructions;
    }
}
