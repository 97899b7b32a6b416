namespace Microscale.Guard.Cli.Tests.Commands;

public sealed class CompletionCommandTests
{
    [Theory]
    [InlineData("bash", "complete ")]
    [InlineData("zsh", "compdef ")]
    [InlineData("fish", "complete -c microscale")]
    [InlineData("pwsh", "Register-ArgumentCompleter")]
    public async Task Completion_KnownShell_PrintsScriptThatAsksTheTool(string shell, string part)
    {
        var run = await Tool.RunAsync("completion", shell);

        Assert.Equal(ExitCodes.Success, run.Code);
        Assert.Contains(part, run.Output);
        Assert.Contains("[suggest:", run.Output);
    }

    [Fact]
    public async Task Completion_UnknownShell_IsBadInput() =>
        Assert.Equal(ExitCodes.BadInput, (await Tool.RunAsync("completion", "cmd")).Code);
}
