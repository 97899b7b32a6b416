using Microscale.Guard.Samples.Quickstart;
using Microscale.Guard.Testing;

namespace Microscale.Guard.Samples.Tests;

public sealed class QuickstartAppTests : IDisposable
{
    private readonly ScriptedChatClient _bare = new("It was in 2013.");
    private readonly ScriptedChatClient _guarded = new("Nobody won anything.");

    public void Dispose()
    {
        _bare.Dispose();
        _guarded.Dispose();
    }

    [Fact]
    public async Task RunAsync_WithoutArguments_AsksEachQuestionOfBothModels()
    {
        var (exitCode, output, error) = await RunAsync();

        Assert.Equal((QuickstartApp.Success, ""), (exitCode, error));
        Assert.Equal(Questions.All.Select(q => q.Text), _bare.Calls.Select(c => c.Messages[0].Text));
        Assert.Equal(Questions.All.Select(q => q.Text), _guarded.Calls.Select(c => c.Messages[0].Text));
        Assert.Equal(5, output.Split("It was in 2013.").Length - 1);
        Assert.Equal(5, output.Split("Nobody won anything.").Length - 1);
    }

    [Fact]
    public async Task RunAsync_WithAQuestion_AsksOnlyThat()
    {
        var (exitCode, output, _) = await RunAsync("Who was that?", "--seed", "5");

        Assert.Equal(QuickstartApp.Success, exitCode);
        var call = Assert.Single(_guarded.Calls);
        Assert.Equal("Who was that?", call.Messages[0].Text);
        Assert.Equal((5, QuickstartArguments.SeededTemperature), (call.Options!.Seed, call.Options.Temperature));
        Assert.Contains("1 of 1", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_Streaming_ShowsThePiecesAndTheWholeAnswer()
    {
        var (exitCode, output, _) = await RunAsync("--stream", "Who was that?");

        Assert.Equal(QuickstartApp.Success, exitCode);
        Assert.True(Assert.Single(_guarded.Calls).Streaming);
        Assert.Contains("after ", output, StringComparison.Ordinal);
        var words = Outcomes.Words(output);
        Assert.All("Nobody won anything.".Split(' '), w => Assert.Equal(2, words.Count(x => x == w)));
    }

    [Fact]
    public async Task RunAsync_Help_ShowsTheUsageAndMakesNoModel()
    {
        using var output = new StringWriter();
        var app = new QuickstartApp(Consoles.Plain(output), TextWriter.Null, (_, _) => throw new InvalidOperationException("made"));

        Assert.Equal(QuickstartApp.Success, await app.RunAsync(["--help"], TestContext.Current.CancellationToken));

        Assert.Contains("--temperature T", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_BadArguments_SaysWhyAndExitsWithTwo()
    {
        var (exitCode, output, error) = await RunAsync("--seed", "x");

        Assert.Equal(QuickstartApp.BadArguments, exitCode);
        Assert.Contains("not a whole number", error, StringComparison.Ordinal);
        Assert.Empty(output);
        Assert.Empty(_bare.Calls);
    }

    [Fact]
    public async Task RunAsync_ModelFails_SaysWhyAndExitsWithOne()
    {
        using var bare = new ScriptedChatClient(new ScriptedReply("") { Fault = new HttpRequestException("no server there") });
        var (exitCode, _, error) = await RunAsync(bare, _guarded, ["Who?"], TestContext.Current.CancellationToken);

        Assert.Equal(QuickstartApp.Failed, exitCode);
        Assert.Contains("no server there", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_Cancelled_ExitsQuietly()
    {
        var bare = new ScriptedChatClient(new ScriptedReply("") { Hangs = true });
        var stop = new CancellationTokenSource();
        var running = RunAsync(bare, _guarded, ["Who?"], stop.Token);
        await stop.CancelAsync();

        var (exitCode, _, error) = await running;

        Assert.Equal((QuickstartApp.Cancelled, ""), (exitCode, error));
    }

    private Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] args) =>
        RunAsync(_bare, _guarded, args, TestContext.Current.CancellationToken);

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(
        ScriptedChatClient bare, ScriptedChatClient guarded, string[] args, CancellationToken cancellationToken)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var app = new QuickstartApp(Consoles.Plain(output), error, (_, _) => Task.FromResult(new QuickstartPipeline(bare, guarded)));
        var exitCode = await app.RunAsync(args, cancellationToken);
        return (exitCode, output.ToString(), error.ToString());
    }
}
