using System.ClientModel;
using System.Diagnostics.CodeAnalysis;
using Microscale.Guard.Ollama;
using Microscale.Guard.Onnx;
using Microscale.Guard.OpenAI;
using Microsoft.Extensions.AI;
using OpenAI;

namespace Microscale.Guard.Cli.Clients;

/// <summary>Opens the model that settings name, with log-probabilities where it has them.</summary>
[SuppressMessage("Reliability", "CA2000", Justification = "The caller owns what is created.")]
internal static class ClientFactory
{
    private static readonly Uri s_ollama = new("http://localhost:11434");

    /// <exception cref="BadInputException">The settings lack something.</exception>
    public static IChatClient Create(ClientSettings settings) => settings.Kind switch
    {
        ClientKind.Local => CreateLocal(settings),
        ClientKind.Ollama => new OllamaLogProbabilityChatClient(settings.Endpoint ?? s_ollama, ModelOf(settings, "llama3.2")),
        ClientKind.OpenAI => CreateOpenAI(settings),
        _ => throw new BadInputException($"There is no client '{settings.Kind}': use {string.Join(", ", Enum.GetNames<ClientKind>())}."),
    };

    private static OnnxChatClient CreateLocal(ClientSettings settings)
    {
        if (settings.Endpoint is not null)
        {
            throw new BadInputException("A local model has no endpoint: name another client as well, such as --client ollama.");
        }

        return settings.Model is { } model && !Directory.Exists(model)
            ? new OnnxChatClient(ModelFolder.Open(ModelLocator.Find(model)))
            : LocalModels.CreateChatClient(settings.Model);
    }

    private static IChatClient CreateOpenAI(ClientSettings settings)
    {
        var model = ModelOf(settings, "gpt-4o-mini");
        var key = Environment.GetEnvironmentVariable(settings.ApiKeyVariable);
        if (string.IsNullOrEmpty(key))
        {
            // Servers of one's own mostly want none, but the SDK does.
            key = settings.Endpoint is not null
                ? "none"
                : throw new BadInputException(
                    $"The environment variable {settings.ApiKeyVariable} is not set: put the key there, or name your own server with --endpoint.");
        }

        return new OpenAIClient(new ApiKeyCredential(key), new OpenAIClientOptions { Endpoint = settings.Endpoint })
            .GetChatClient(model)
            .AsIChatClient()
            .AsBuilder()
            .UseOpenAILogProbabilities()
            .Build();
    }

    private static string ModelOf(ClientSettings settings, string example) => settings.Model is { Length: > 0 } model
        ? model
        : throw new BadInputException($"Name the model, such as --model {example}.");
}
