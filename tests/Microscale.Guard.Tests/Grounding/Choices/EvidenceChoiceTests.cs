using System.Text.Json;
using Microscale.Guard.Testing;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Tests.Grounding.Choices;

public class EvidenceChoiceTests
{
    private const string PersonSchema = """{"type":"object","properties":{"name":{"type":"string","description":"Who."},"note":{"type":"string"}},"required":["name"]}""";

    private static readonly Evidence s_awards = new("doc-17", "In 2013 the prize went to Peter Higgs and to François Englert of Brussels (report ab-1002/7).") { Source = "Awards" };
    private static readonly Evidence s_nothing = new("doc-3", "It rained all day, and nobody came.");

    private sealed record Award([property: FromEvidence] string Person, [property: FromEvidence(EvidenceTerms.Identifiers)] string? Report, Place? Place, IReadOnlyList<Place> More);

    private sealed record Place([FromEvidence(EvidenceTerms.Sources)] string Source, string Note);

    [Fact]
    public void Resolve_Names_AreTheEnumOfTheField()
    {
        var options = Asking(PersonSchema).ChooseFromEvidence("name");

        var schema = Resolve(options, s_awards);

        Assert.Equal(["Peter Higgs", "François Englert of Brussels", "François Englert", "Brussels"], Enum(schema, "name"));
        Assert.Equal("Who.", schema.GetProperty("properties").GetProperty("name").GetProperty("description").GetString());
        Assert.False(schema.GetProperty("properties").GetProperty("note").TryGetProperty("enum", out _));
    }

    [Theory]
    [InlineData(EvidenceTerms.Identifiers, "2013|ab-1002/7")]
    [InlineData(EvidenceTerms.EvidenceIds, "doc-17")]
    [InlineData(EvidenceTerms.Sources, "Awards")]
    public void Resolve_OtherTerms_AreTheEnumOfTheField(EvidenceTerms terms, string expected) =>
        Assert.Equal(expected.Split('|'), Enum(Resolve(Asking(PersonSchema).ChooseFromEvidence("name", terms), s_awards), "name"));

    [Fact]
    public void Resolve_Selector_DecidesWhatIsOffered() =>
        Assert.Equal(["doc-17!"], Enum(Resolve(Asking(PersonSchema).ChooseFromEvidence("name", e => [e.Id + "!", e.Id + "!", " "]), s_awards), "name"));

    [Theory]
    [InlineData("""{"type":"object","properties":{"list":{"type":"array","items":{"$ref":"#/$defs/p"}}},"$defs":{"p":{"type":"object","properties":{"name":{"type":"string"}}}}}""", "list.name", "/properties/list/items/properties/name/enum")]
    [InlineData("""{"type":"object","properties":{"names":{"type":"array","items":{"type":"string"}}}}""", "names", "/properties/names/items/enum")]
    [InlineData("""{"type":"object","properties":{"a":{"anyOf":[{"type":"null"},{"type":"string"}]}}}""", "a", "/properties/a/anyOf/1/enum")]
    [InlineData("""{"oneOf":[{"type":"null"},{"type":"object","properties":{"a":{"type":"string"}}}]}""", "a", "/oneOf/1/properties/a/enum")]
    public void Resolve_FieldDeepInTheSchema_IsFound(string schema, string property, string place)
    {
        var resolved = Resolve(Asking(schema).ChooseFromEvidence(property), s_awards);

        var found = place.Split('/').Skip(1).Aggregate(resolved, (node, step) => node.ValueKind == JsonValueKind.Array ? node[int.Parse(step, null)] : node.GetProperty(step));
        Assert.Contains("Peter Higgs", found.EnumerateArray().Select(v => v.GetString()));
    }

    [Fact]
    public void Resolve_AttributesOfAType_BindItsProperties()
    {
        var schema = Resolve(Asking(AIJsonUtilities.CreateJsonSchema(typeof(Award)).GetRawText()).ChooseFromEvidence<Award>(), s_awards);

        Assert.Equal(["Peter Higgs", "François Englert of Brussels", "François Englert", "Brussels"], Enum(schema, "person"));
        Assert.Equal(["2013", "ab-1002/7", null], Enum(schema, "report"));
        Assert.Equal(["Awards"], Enum(schema.GetProperty("properties").GetProperty("place"), "source"));
        Assert.Equal(["Awards"], Enum(schema.GetProperty("properties").GetProperty("more").GetProperty("items"), "source"));
    }

    [Fact]
    public void Resolve_FieldThatMayBeEmpty_IsEmptyWithoutEvidence()
    {
        var nullable = Resolve(Asking("""{"type":"object","properties":{"name":{"type":["string","null"]}},"required":["name"]}""").ChooseFromEvidence("name"), s_nothing);
        var optional = Resolve(Asking("""{"type":"object","properties":{"name":{"type":"string"}}}""").ChooseFromEvidence("name"), s_nothing);

        Assert.Equal([null], Enum(nullable, "name"));
        Assert.Equal(JsonValueKind.False, optional.GetProperty("properties").GetProperty("name").ValueKind);
    }

    [Fact]
    public void Resolve_FieldThatNeedsAValue_NamesItWithoutEvidence()
    {
        var error = Assert.Throws<EvidenceChoiceException>(() => Resolve(Asking(PersonSchema).ChooseFromEvidence("name"), s_nothing));

        Assert.Equal("name", error.Property);
    }

    [Fact]
    public void Resolve_EnumOfTheSchema_IsNarrowed() => Assert.Equal(
        ["Brussels"],
        Enum(Resolve(Asking("""{"type":"object","properties":{"city":{"enum":["Paris","Brussels"]}},"required":["city"]}""").ChooseFromEvidence("city"), s_awards), "city"));

    [Fact]
    public void Resolve_Options_AreNotChanged()
    {
        var options = Asking(PersonSchema).ChooseFromEvidence("name");
        var more = options.Clone().ChooseFromEvidence("note");

        var resolved = options.ResolveEvidenceChoices([Message(s_awards)])!;

        Assert.NotSame(options, resolved);
        Assert.Empty(resolved.AdditionalProperties!);
        Assert.Single((IReadOnlyList<EvidenceChoice>)options.AdditionalProperties![GuardPropertyNames.EvidenceChoices]!);
        Assert.Equal(2, ((IReadOnlyList<EvidenceChoice>)more.AdditionalProperties![GuardPropertyNames.EvidenceChoices]!).Count);
        Assert.Same(resolved, resolved.ResolveEvidenceChoices([]));
    }

    [Fact]
    public void Resolve_MistakesOfTheCaller_AreNamed()
    {
        Assert.Contains("'city'", Assert.Throws<ArgumentException>(() => Resolve(Asking(PersonSchema).ChooseFromEvidence("city"), s_awards)).Message, StringComparison.Ordinal);
        Assert.Contains("ResponseFormat", Assert.Throws<ArgumentException>(() => new ChatOptions().ChooseFromEvidence("name").ResolveEvidenceChoices([])).Message, StringComparison.Ordinal);
        Assert.Contains("FromEvidence", Assert.Throws<ArgumentException>(() => new ChatOptions().ChooseFromEvidence<Claim>()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Request_Grounded_OffersTheModelWhatWasFound(bool streaming)
    {
        var model = new ScriptedChatClient("{}");
        using var client = new GroundingChatClient(model, new ScriptedEvidenceSource(s_awards));

        await client.AskAsync([new(ChatRole.User, "Who won the prize?")], streaming, Asking(PersonSchema).ChooseFromEvidence("name"));

        Assert.Contains("Peter Higgs", Enum(Schema(model.Calls[0].Options!), "name"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Request_NothingToChooseUnderAGuard_AbstainsWithoutAskingTheModel(bool streaming)
    {
        var model = new ScriptedChatClient("{}");
        var policy = AbstentionPolicy.FromDelegate(GuardParts.None, _ => PolicyDecision.Deliver);
        using var client = new GroundingChatClient(new AbstentionChatClient(model, new() { Policy = policy }), new ScriptedEvidenceSource(s_nothing));

        var response = await client.AskAsync([new(ChatRole.User, "Who won the prize?")], streaming, Asking(PersonSchema).ChooseFromEvidence("name"));

        Assert.Empty(model.Calls);
        Assert.Equal((GuardDecision.Abstained, GuardReason.NoEvidence), (response.GetGuardReport()!.Decision, response.GetGuardReport()!.Reason));
    }

    [Fact]
    public async Task Request_NothingToChooseWithoutAGuard_Throws()
    {
        var model = new ScriptedChatClient("{}");
        using var client = new GroundingChatClient(model, new ScriptedEvidenceSource(s_nothing));

        await Assert.ThrowsAsync<EvidenceChoiceException>(() => client.GetResponseAsync("Who won the prize?", Asking(PersonSchema).ChooseFromEvidence("name")));
        Assert.Empty(model.Calls);
    }

    private static ChatOptions Asking(string schema) => new() { ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonElement.Parse(schema)) };

    private static JsonElement Resolve(ChatOptions options, Evidence evidence) => Schema(options.ResolveEvidenceChoices([Message(evidence)])!);

    private static ChatMessage Message(Evidence evidence) => new(ChatRole.User, [new TextContent(evidence.Text).AsEvidence(evidence.Id, evidence.Source)]);

    private static JsonElement Schema(ChatOptions options) => ((ChatResponseFormatJson)options.ResponseFormat!).Schema!.Value;

    private static List<string?> Enum(JsonElement schema, string property) =>
        [.. schema.GetProperty("properties").GetProperty(property).GetProperty("enum").EnumerateArray().Select(v => v.GetString())];
}
