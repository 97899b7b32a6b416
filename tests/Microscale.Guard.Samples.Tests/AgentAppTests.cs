using Microscale.Guard.Samples.Agent;

namespace Microscale.Guard.Samples.Tests;

public class AgentAppTests
{
    [Fact]
    public async Task RunAsync_OwnQuestions_AnswersFromTheDocumentsAndInventsNothing()
    {
        using var output = new StringWriter();

        await AgentApp.RunAsync(AgentApp.Questions, output, TestContext.Current.CancellationToken);

        var answers = output.ToString().Split("> ", StringSplitOptions.RemoveEmptyEntries);
        Assert.Collection(
            answers,
            bees => Assert.Contains("  Supported: ", bees, StringComparison.Ordinal),
            web => Assert.Contains("Tim Berners-Lee", web, StringComparison.Ordinal),
            drummond =>
            {
                Assert.Contains("  Abstained, ", drummond, StringComparison.Ordinal);
                Assert.DoesNotMatch("(19|20)[0-9]{2}", drummond.Split("  Abstained")[0]);
            });
    }
}
