using CsCheck;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Tests.Streaming;

public class TextGateTests
{
    private static readonly Gen<string[]> Chunks = Gen.String[Gen.Char["ab. \n"], 0, 6].Array[0, 12];

    [Fact]
    public void Release_AnyChunksAndFrontiers_NeverGoesPastTheFrontierAndLosesNothing() =>
        Gen.Select(Chunks, Gen.Int[0, 12].Array[0, 12]).Sample((chunks, steps) =>
        {
            var gate = new TextGate();
            var (text, released, frontier) = (string.Concat(chunks), "", 0);
            for (var i = 0; i < chunks.Length; i++)
            {
                gate.Add(Text(chunks[i]));
                frontier = Math.Min(gate.Received, frontier + (i < steps.Length ? steps[i] : 0));
                released += string.Concat(gate.Release(frontier).Select(u => u.Text));
                Assert.Equal(text[..frontier], released);
                Assert.Equal(frontier, gate.Released);
            }

            released += string.Concat(gate.Release(gate.Received, isComplete: true).Select(u => u.Text));
            Assert.Equal(text, released);
            Assert.Equal(text, gate.Text);
        });

    [Fact]
    public void Withhold_AfterAnyRelease_GivesNoText() =>
        Gen.Select(Chunks, Gen.Int[0, 40]).Sample((chunks, frontier) =>
        {
            var gate = new TextGate();
            foreach (var chunk in chunks)
            {
                gate.Add(Text(chunk));
            }

            var released = string.Concat(gate.Release(Math.Min(frontier, gate.Received)).Select(u => u.Text));
            Assert.Equal(string.Concat(chunks)[..Math.Min(frontier, gate.Received)], released);
            Assert.All(gate.Withhold(), u => Assert.Equal("", u.Text));
        });

    [Fact]
    public void Release_OfPartOfAnUpdate_CarriesNothingThatSpeaksOfTheRest()
    {
        var gate = new TextGate();
        var update = Text("Known. Secret.");
        update.RawRepresentation = "Known. Secret.";
        update.SetLogProbabilities([new TokenLogProbability("Known. Secret."u8.ToArray(), -1)]);
        gate.Add(update);

        var first = Assert.Single(gate.Release(6));

        Assert.Equal("Known.", first.Text);
        Assert.Null(first.RawRepresentation);
        Assert.Null(first.GetLogProbabilities());
        Assert.Equal("m", first.MessageId);
    }

    [Fact]
    public void Release_OfPlainPieces_JoinsThemWithTheirTokens()
    {
        var gate = new TextGate();
        foreach (var piece in (string[])["The", " sky", " is"])
        {
            var update = Text(piece);
            update.SetLogProbabilities([new TokenLogProbability(System.Text.Encoding.UTF8.GetBytes(piece), -1)]);
            gate.Add(update);
        }

        var raw = Text(" blue.");
        raw.RawRepresentation = "chunk";
        gate.Add(raw);

        var released = gate.Release(gate.Received).ToList();

        Assert.Equal(["The sky is", " blue."], released.Select(u => u.Text));
        Assert.Equal(3, released[0].GetLogProbabilities()!.Count);
        Assert.Equal("chunk", released[1].RawRepresentation);
    }

    [Fact]
    public void Release_OfReasoning_WaitsForTheTextAfterIt()
    {
        var gate = new TextGate();
        gate.Add(new ChatResponseUpdate(ChatRole.Assistant, [new TextReasoningContent("hm")]));
        gate.Add(Text("Yes. No."));

        Assert.Empty(gate.Release(0));
        Assert.Equal(["", "Yes."], gate.Release(4).Select(u => u.Text));
        Assert.Equal([" No."], gate.Release(8, isComplete: true).Select(u => u.Text));
    }

    [Fact]
    public void Release_OfAnAnnotatedText_WaitsForItsEnd()
    {
        var gate = new TextGate();
        var content = new TextContent("Yes. No.") { Annotations = [new CitationAnnotation { Title = "t" }] };
        gate.Add(new ChatResponseUpdate(ChatRole.Assistant, [content]));

        Assert.Empty(gate.Release(4));
        Assert.Same(content, Assert.Single(Assert.Single(gate.Release(8)).Contents));
    }

    private static ChatResponseUpdate Text(string text) => new(ChatRole.Assistant, text) { MessageId = "m", ResponseId = "r" };
}
