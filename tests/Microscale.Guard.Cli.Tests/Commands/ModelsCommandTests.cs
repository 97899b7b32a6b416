using System.Text.Json;

namespace Microscale.Guard.Cli.Tests.Commands;

public sealed class ModelsCommandTests
{
    [Fact]
    public async Task List_Json_NamesTheModelsWithTheirFolders()
    {
        var run = await Tool.RunAsync("models", "list", "--json");

        var rows = JsonElement.Parse(run.Output).EnumerateArray().ToList();
        Assert.Equal(["chat", "embeddings", "entailment"], rows.Select(r => r.GetProperty("task").GetString()));
        Assert.All(rows, r => Assert.True(Directory.Exists(r.GetProperty("path").GetString())));
        Assert.All(rows, r => Assert.True(r.GetProperty("bytes").GetInt64() > 1_000_000));
    }

    [Fact]
    public async Task Models_WithoutSubcommand_Lists() =>
        Assert.Contains("mpnet-nli-int8", (await Tool.RunAsync("models")).Output);

    [Fact]
    public async Task Verify_PublishedFiles_Succeeds()
    {
        var run = await Tool.RunAsync("models", "verify", "all-minilm-l6-v2-int8");

        Assert.Equal(ExitCodes.Success, run.Code);
        Assert.Contains("all-minilm-l6-v2-int8: as published", run.Output);
    }

    [Fact]
    public async Task Verify_ChangedFile_FailsTheCheckAndNamesIt()
    {
        using var folder = new TemporaryFolder();
        folder.Write("m/vocab.txt", "changed");
        folder.Write("m/SHA256SUMS", new string('0', 64) + "  vocab.txt\n");

        var run = await Tool.RunAsync("models", "verify", "--folder", Path.Combine(folder.Path, "m"));

        Assert.Equal(ExitCodes.CheckFailed, run.Code);
        Assert.Contains("vocab.txt", run.Output);
    }

    [Fact]
    public async Task Verify_UnknownModel_IsBadInput() =>
        Assert.Equal(ExitCodes.BadInput, (await Tool.RunAsync("models", "verify", "gpt-9")).Code);

    [Fact]
    public async Task Benchmark_Json_GivesARate()
    {
        var run = await Tool.RunAsync("models", "benchmark", "all-minilm-l6-v2-int8", "--seconds", "0.01", "--json");

        var row = JsonElement.Parse(run.Output)[0];
        Assert.Equal("passages", row.GetProperty("unit").GetString());
        Assert.True(row.GetProperty("perSecond").GetDouble() > 0);
    }
}
