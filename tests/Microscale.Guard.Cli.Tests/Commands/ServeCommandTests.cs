using System.ClientModel;
using System.Text.RegularExpressions;
using Microscale.Guard.Cli.Output;
using OllamaSharp;
using OpenAI;
using OpenAI.Chat;

namespace Microscale.Guard.Cli.Tests.Commands;

public sealed partial class ServeCommandTests
{
    /// <summary>The local model, its guard and a document, asked by the OpenAI SDK and by OllamaSharp.</summary>
    [Fact]
    public async Task Serve_LocalModelWithDocuments_AnswersBothProtocolsUntilStopped()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("gold.md", "Gold is a chemical element. The atomic number of gold is 79.");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        await using var output = new AnnouncingWriter();
        await using var error = new StringWriter();
        var run = new MicroscaleApp(Terminal.To(output, error)).RunAsync(["serve", "--port", "0", "--name", "gold", "-d", path, "--max-tokens", "40"], stop.Token);
        var address = await AddressAsync(run, output);

        var completion = await new OpenAIClient(new ApiKeyCredential("none"), new OpenAIClientOptions { Endpoint = new Uri(address + "/v1") })
            .GetChatClient("gold").CompleteChatAsync([ChatMessage.CreateUserMessage("What is the atomic number of gold?")], cancellationToken: stop.Token);
        using var ollama = new OllamaApiClient(new Uri(address), "gold");
        var parts = await ollama.GenerateAsync("Who designed the Sydney Opera House?", cancellationToken: stop.Token).ToListAsync(stop.Token);
        await stop.CancelAsync();

        Assert.Contains("79", completion.Value.Content[0].Text);
        Assert.DoesNotContain("Utzon", string.Concat(parts.Select(p => p?.Response)));
        Assert.Equal(ExitCodes.Success, await run);
    }

    [Theory]
    [InlineData("--port", "70000")]
    [InlineData("--host", "nowhere")]
    public async Task Serve_WrongOption_IsBadInput(string option, string value) =>
        Assert.Equal(ExitCodes.BadInput, (await Tool.RunAsync("serve", option, value)).Code);

    private static async Task<string> AddressAsync(Task<int> run, AnnouncingWriter output) =>
        await Task.WhenAny(run, output.FirstLine) == run
            ? throw new InvalidOperationException("The server ended with " + await run)
            : Address().Match(await output.FirstLine).Value;

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Address();

    /// <summary>Hands out the first line that is written.</summary>
    private sealed class AnnouncingWriter : StringWriter
    {
        private readonly TaskCompletionSource<string> _line = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> FirstLine => _line.Task;

        public override Task WriteLineAsync(string? value)
        {
            _line.TrySetResult(value ?? "");
            return base.WriteLineAsync(value);
        }
    }
}
