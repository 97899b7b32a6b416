using System.Text.Json;

namespace Microscale.Guard.Cli.Tests.Commands;

public sealed class PreferencesCommandTests
{
    private const string Log = """
        {"id": "1", "question": "Who wrote Faust?", "text": "Schiller wrote Faust.", "decision": "delivered"}
        {"id": "2", "question": "Capital of Norway?", "text": "I am not sure.", "draft": "Oslo is the capital.", "decision": "abstained"}
        {"id": "3", "question": "Who knows?", "text": "Nobody knows it."}
        """;

    private const string Labels = """
        {"id": "1", "question": "-", "answers": ["Goethe"]}
        {"id": "x", "question": "capital of Norway", "answers": ["Oslo"]}
        """;

    [Fact]
    public async Task Preferences_LogAndLabels_WritesPairs()
    {
        using var folder = new TemporaryFolder();
        var (log, labels, pairs) = (folder.Write("log.jsonl", Log), folder.Write("labels.jsonl", Labels), Path.Combine(folder.Path, "pairs.jsonl"));

        var run = await Tool.RunAsync("preferences", log, "--labels", labels, "--abstention", "No idea.", "--out", pairs, "--json");

        Assert.Equal(ExitCodes.Success, run.Code);
        Assert.Equal("""{"pairs":2,"abstentions":1,"answers":1,"unlabelled":1,"withoutDraft":0,"refused":0,"leftOut":0}""", run.Output.Trim());
        var lines = await File.ReadAllLinesAsync(pairs);
        Assert.Equal(["No idea.", "Schiller wrote Faust."], Replies(lines[0]));
        Assert.Equal(["Oslo is the capital.", "I am not sure."], Replies(lines[1]));
    }

    [Fact]
    public async Task Preferences_NoFile_PrintsPairsAndCountsApart()
    {
        using var folder = new TemporaryFolder();
        var log = folder.Write("log.csv", "prompt,text,label\nWho?,Karl did it.,0\nWhere?,In Oslo.,1\n");
        var run = await Tool.RunAsync("preferences", log, "--field", "question=prompt", "correct=label", "--no-answers");
        Assert.Equal(["I don't know.", "Karl did it."], Replies(run.Output.Trim()));
        Assert.StartsWith("1 pairs: 1 prefer an abstention, 0 an answer.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Preferences_WrongInput_SaysWhatToDo()
    {
        using var folder = new TemporaryFolder();
        var log = folder.Write("log.jsonl", """{"text": "x"}""");
        Assert.Contains("line 1", await ErrorOf("preferences", log));
        Assert.Contains("--out", await ErrorOf("preferences", log, "--json"));
        Assert.Contains("MaxAbstentionShare", await ErrorOf("preferences", folder.Write("empty.jsonl", ""), "--max-abstention-share", "2"));
        Assert.Contains("--field 'correct'", await ErrorOf("preferences", log, "--field", "correct"));

        static async Task<string> ErrorOf(params string[] args)
        {
            var run = await Tool.RunAsync(args);
            Assert.Equal(ExitCodes.BadInput, run.Code);
            return run.Error;
        }
    }

    private static IEnumerable<string?> Replies(string line) =>
        new[] { "chosen", "rejected" }.Select(side => JsonElement.Parse(line).GetProperty(side)[0].GetProperty("content").GetString());
}
