using System.Text.Json;

namespace Microscale.Guard.Cli.Tests.Commands;

public sealed class AskCommandTests
{
    private const string Bees = "The waggle dance is a figure-eight dance of honey bees. By the dance, a forager tells other bees of the hive the direction and distance to flowers.";

    [Fact]
    public async Task Ask_JsonWithDocuments_PrintsOneObjectWithTheDocumentedFields()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("bees.md", Bees);

        var run = await Tool.RunAsync("ask", "What is the waggle dance?", "--documents", path, "--json", "--max-tokens", "40");

        Assert.Equal((ExitCodes.Success, ""), (run.Code, run.Error));
        var answer = JsonElement.Parse(run.Output);
        Assert.Equal(
            ["decision", "reason", "text", "draft", "confidence", "verdicts", "citations", "attempts", "milliseconds"],
            answer.EnumerateObject().Select(p => p.Name));
        Assert.Equal("Escalated", answer.GetProperty("decision").GetString());
        Assert.Contains("dance", answer.GetProperty("text").GetString());
        Assert.Equal("Supported", answer.GetProperty("verdicts")[0].GetProperty("verdict").GetString());
        Assert.Equal("bees.md", answer.GetProperty("citations")[0].GetProperty("source").GetString());
        Assert.InRange(answer.GetProperty("confidence").GetDouble(), 0, 1);
    }

    [Fact]
    public async Task Ask_NotInTheDocuments_AbstainsAndSaysWhy()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("bees.md", Bees);

        var run = await Tool.RunAsync("ask", "Who wrote the novel Quincas Borba?", "-d", path);

        Assert.Equal(ExitCodes.Success, run.Code);
        Assert.Contains("abstained: no evidence", run.Output);
    }

    [Theory]
    [InlineData("ask", "  ")]
    [InlineData("ask", "Why?", "-d", "/no/such/folder")]
    [InlineData("ask", "Why?", "--pipeline", "no-such-pipeline")]
    [InlineData("ask", "Why?", "--client", "ollama")]
    [InlineData("ask", "Why?", "--endpoint", "http://localhost:1")]
    [InlineData("ask", "Why?", "--client", "openai", "--model", "m", "--api-key-variable", "NO_SUCH_VARIABLE")]
    public async Task Ask_WrongInput_SaysWhatToChange(params string[] args)
    {
        var run = await Tool.RunAsync(args);

        Assert.Equal((ExitCodes.BadInput, ""), (run.Code, run.Output));
        Assert.StartsWith("error: ", run.Error);
    }

    [Fact]
    public async Task Ask_ServerThatIsNotThere_Fails()
    {
        var run = await Tool.RunAsync("ask", "Why?", "--client", "ollama", "--model", "m", "--endpoint", "http://127.0.0.1:1");

        Assert.Equal(ExitCodes.Failed, run.Code);
        Assert.NotEmpty(run.Error);
    }
}
