namespace Microscale.Guard.Cli.Tests;

public sealed class MicroscaleAppTests
{
    [Fact]
    public async Task RunAsync_Help_ListsCommands()
    {
        var run = await Tool.RunAsync("--help");

        Assert.Equal(ExitCodes.Success, run.Code);
        Assert.Contains("ask", run.Output);
        Assert.Contains("models", run.Output);
    }

    [Theory]
    [InlineData("ask")]
    [InlineData("models")]
    [InlineData("models verify")]
    [InlineData("completion")]
    public async Task RunAsync_HelpOfACommand_ShowsExamples(string command)
    {
        var run = await Tool.RunAsync([.. command.Split(' '), "--help"]);

        Assert.Equal(ExitCodes.Success, run.Code);
        Assert.Contains("Examples:", run.Output);
        Assert.Contains($"  microscale {command}", run.Output);
    }

    [Theory]
    [InlineData("ask")]
    [InlineData("ask", "Why?", "--client", "nobody")]
    [InlineData("ask", "Why?", "--temperature", "7")]
    [InlineData("ask", "Why?", "--max-tokens", "0")]
    [InlineData("ask", "Why?", "--endpoint", "nowhere")]
    [InlineData("frobnicate")]
    public async Task RunAsync_WrongCommandLine_SaysSoAndEndsWithBadInput(params string[] args)
    {
        var run = await Tool.RunAsync(args);

        Assert.Equal(ExitCodes.BadInput, run.Code);
        Assert.StartsWith("error: ", run.Error);
        Assert.Contains("--help", run.Error);
        Assert.Empty(run.Output);
    }

    [Fact]
    public async Task RunAsync_AlreadyCancelled_EndsWithCancelled()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();

        var code = await new MicroscaleApp(Output.Terminal.To(output, error)).RunAsync(["models", "verify"], new CancellationToken(canceled: true));

        Assert.Equal(ExitCodes.Cancelled, code);
    }

    [Fact]
    public async Task RunAsync_SuggestDirective_CompletesOptionsAndValues()
    {
        const string Line = "microscale ask \"Why?\" --pipeline ";

        var run = await Tool.RunAsync($"[suggest:{Line.Length}]", Line);

        Assert.Equal(ExitCodes.Success, run.Code);
        Assert.Contains("grounded", run.Output);
    }
}
