using System.Text.Json;

namespace Microscale.Guard.Cli.Tests.Commands;

public sealed class FloorCommandTests
{
    [Fact]
    public async Task Floor_Log_CountsQuestionsSeenOnce()
    {
        using var folder = new TemporaryFolder();
        var log = folder.Write("log.csv", "prompt\nWhat is the capital of Norway?\nThe capital of Norway\nWho wrote Faust?\nWhen does the shop open?\n");

        var run = await Tool.RunAsync("floor", log, "--text", "prompt", "--error-rate", "0", "0.25", "--calibration-error", "0.1", "--examples", "1", "--json");

        Assert.Equal(ExitCodes.Success, run.Code);
        var view = JsonElement.Parse(run.Output);
        Assert.Equal((4, 3, 2), (view.GetProperty("documents").GetInt32(), view.GetProperty("facts").GetInt32(), view.GetProperty("seenOnce").GetInt32()));
        Assert.Equal(0.5, view.GetProperty("share").GetProperty("value").GetDouble());
        Assert.Equal(0.4, view.GetProperty("floor").GetProperty("value").GetDouble(), 1e-12);
        Assert.Equal(
            [0.4, Math.Round((0.4 - 0.25) / 0.75, 12)],
            view.GetProperty("abstention").EnumerateArray().Select(a => Math.Round(a.GetProperty("share").GetProperty("value").GetDouble(), 12)));
        Assert.Equal(1, view.GetProperty("examples").GetArrayLength());
    }

    [Theory]
    [InlineData("pairs", 3)]
    [InlineData("entities", 3)]
    [InlineData("questions", 2)]
    public async Task Floor_Documents_CountsWhatIsAskedFor(string facts, int expected)
    {
        using var folder = new TemporaryFolder();
        folder.Write("docs/a.md", "Marie Curie was born in Warsaw.");
        folder.Write("docs/b.txt", "Curie lived in Paris. Marie Curie died in 1934.");
        var run = await Tool.RunAsync("floor", Path.Combine(folder.Path, "docs"), "--facts", facts, "--json");
        Assert.Equal(expected, JsonElement.Parse(run.Output).GetProperty("facts").GetInt32());
    }

    [Fact]
    public async Task Floor_OnATerminal_SaysWhatAbstentionIsNeeded()
    {
        using var folder = new TemporaryFolder();
        var run = await Tool.RunAsync("floor", folder.Write("a.md", "Marie Curie was born in Warsaw."), "--error-rate", "0.2");
        Assert.Contains("1 documents hold 1 different facts; 1 of them stand in one document only.", run.Output);
        Assert.Contains("Least share left unanswered for 20.0% wrong among the answered", run.Output);
        Assert.Contains("100.0%", run.Output);
    }

    [Fact]
    public async Task Floor_WrongInput_SaysWhatToDo()
    {
        using var folder = new TemporaryFolder();
        var empty = folder.Write("a.md", "!");
        var log = folder.Write("a.csv", "prompt\nWho?\n");
        Assert.Contains("No facts were found", await ErrorOf("floor", empty));
        Assert.Contains("'question' is missing", await ErrorOf("floor", log, "--text", "question"));
        Assert.Contains("error rate", await ErrorOf("floor", log, "--text", "prompt", "--error-rate", "1"));
        Assert.Contains("nowhere", await ErrorOf("floor", "nowhere.csv", "--text", "prompt"));
        Assert.Contains("everything", await ErrorOf("floor", log, "--facts", "everything"));

        static async Task<string> ErrorOf(params string[] args)
        {
            var run = await Tool.RunAsync(args);
            Assert.Equal(ExitCodes.BadInput, run.Code);
            return run.Error;
        }
    }
}
