using Microscale.Guard.Cli.Output;

namespace Microscale.Guard.Cli.Tests;

/// <summary>Runs the tool in this process.</summary>
internal static class Tool
{
    public static async Task<ToolRun> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await new MicroscaleApp(Terminal.To(output, error)).RunAsync(args, TestContext.Current.CancellationToken);
        return new ToolRun(code, output.ToString(), error.ToString());
    }
}

/// <summary>What became of a run.</summary>
internal sealed record ToolRun(int Code, string Output, string Error);
