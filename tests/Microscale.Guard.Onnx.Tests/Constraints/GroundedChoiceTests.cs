using System.Text.RegularExpressions;
using Microscale.Guard.Onnx.Tests.Chat;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Onnx.Tests.Constraints;

[Collection(nameof(ChatModelCollection))]
public partial class GroundedChoiceTests(ChatModel model)
{
    private static readonly Evidence s_evidence =
        new("doc-17", "The bridge at Tamworth was built by Ada Quill and Bram Osei under contract TX-1187.") { Source = "Council records" };

    private sealed record Builder([FromEvidence] string Name, [FromEvidence(EvidenceTerms.Identifiers)] string? Contract);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task GetResponseAsync_FieldsFromEvidence_HoldOnlyWhatItContains(int seed)
    {
        using var client = new GroundingChatClient(new Shared(model.Client), EvidenceSource.FromDelegate((_, _) => ValueTask.FromResult<IReadOnlyList<Evidence>>([s_evidence])));

        var response = await client.GetResponseAsync<Builder>(
            "Who built the Golden Gate Bridge?",
            new ChatOptions { Temperature = 1, Seed = seed, MaxOutputTokens = 30 }.ChooseFromEvidence<Builder>());

        // The schema of a type allows further properties, which a model at this temperature may write without end.
        Assert.Matches(Fields(), response.Text);
        Assert.Equal(AnswerFormCheck.Constrained, response.GetGuardReport()!.Form!.Check);
        Assert.Equal([s_evidence], response.GetGuardReport()!.Evidence);
    }

    [Fact]
    public async Task GetResponseAsync_NoEvidence_IsRefusedBeforeTheModelIsAsked() => await Assert.ThrowsAsync<EvidenceChoiceException>(() =>
        model.Client.GetResponseAsync<Builder>("Who?", new ChatOptions().ChooseFromEvidence<Builder>()));

    [GeneratedRegex("""^\{"name": ?"(Tamworth|Ada Quill|Bram Osei)", ?"contract": ?("TX-1187"|null)""")]
    private static partial Regex Fields();

    /// <summary>Leaves the shared model alive.</summary>
    private sealed class Shared(IChatClient inner) : DelegatingChatClient(inner)
    {
        protected override void Dispose(bool disposing)
        {
        }
    }
}
