using System.Text;
using System.Text.Json;

namespace Microscale.Guard.Evaluation.Tests.Preferences;

public class PreferenceSetTests
{
    private static readonly GuardLogEntry Wrong = Entry("Who wrote Faust?", "Friedrich Schiller wrote Faust.", correct: false);
    private static readonly GuardLogEntry Right = Entry("Capital of Norway?", "Oslo is the capital.", correct: true);
    private static readonly GuardLogEntry Withheld = Entry("Who won in 2090?", "I am not sure.", correct: false) with
    {
        Decision = GuardDecision.Abstained,
        Draft = "Brazil won in 2090.",
    };

    [Fact]
    public void Create_WrongAnswer_PrefersAbstention()
    {
        var pair = Assert.Single(PreferenceSet.Create([Wrong]).Pairs);
        Assert.Equal([new("user", "Who wrote Faust?")], pair.Prompt);
        Assert.Equal([new("assistant", "I don't know.")], pair.Chosen);
        Assert.Equal([new("assistant", "Friedrich Schiller wrote Faust.")], pair.Rejected);
    }

    [Fact]
    public void Create_RightAnswer_IsPreferred()
    {
        var pair = Assert.Single(PreferenceSet.Create([Right], new() { AbstentionText = "No idea." }).Pairs);
        Assert.Equal("Oslo is the capital.", pair.Chosen[0].Content);
        Assert.Equal("No idea.", pair.Rejected[0].Content);
        Assert.Empty(PreferenceSet.Create([Right], new() { IncludeAnswers = false }).Pairs);
    }

    [Fact]
    public void Create_WithheldDraft_IsJudgedWithTheGuardsOwnWords()
    {
        var wrong = Assert.Single(PreferenceSet.Create([Withheld]).Pairs);
        Assert.Equal(("I am not sure.", "Brazil won in 2090."), (wrong.Chosen[0].Content, wrong.Rejected[0].Content));

        // The guard was too careful: a right draft is better than the abstention.
        var right = Assert.Single(PreferenceSet.Create([Withheld with { Correct = true }]).Pairs);
        Assert.Equal(("Brazil won in 2090.", "I am not sure."), (right.Chosen[0].Content, right.Rejected[0].Content));
    }

    [Fact]
    public void Create_WhatCannotBeCompared_IsCounted()
    {
        var set = PreferenceSet.Create(
        [
            Wrong, Wrong, Right,
            Right with { Correct = null },
            Withheld with { Draft = null },
            Entry("Who?", "I don't know.", correct: false),
        ]);
        Assert.Equal((1, 1, 1, 1, 1, 1), (set.Abstentions, set.Answers, set.LeftOut, set.Unlabelled, set.WithoutDraft, set.Refused));
    }

    [Fact]
    public void Create_MaxAbstentionShare_LeavesOutAtRandomBySeed()
    {
        GuardLogEntry[] log = [.. Enumerable.Range(0, 30).Select(i => Entry($"What is {i}?", $"It is {i} apples.", correct: i < 10))];
        var set = PreferenceSet.Create(log, new() { MaxAbstentionShare = 0.5, Seed = 1 });
        Assert.Equal((10, 10, 10), (set.Abstentions, set.Answers, set.LeftOut));
        var same = PreferenceSet.Create(log, new() { MaxAbstentionShare = 0.5, Seed = 1 });
        var other = PreferenceSet.Create(log, new() { MaxAbstentionShare = 0.5, Seed = 2 });
        Assert.Equal(Prompts(set), Prompts(same));
        Assert.NotEqual(Prompts(set), Prompts(other));
        Assert.Throws<ArgumentException>(() => PreferenceSet.Create([], new() { MaxAbstentionShare = 0 }));
        Assert.Throws<ArgumentException>(() => PreferenceSet.Create([], new() { AbstentionText = " " }));

        static IEnumerable<string> Prompts(PreferenceSet set) => set.Pairs.Select(p => p.Prompt[0].Content);
    }

    [Fact]
    public async Task WriteAsync_Pairs_AreInTheFormOfTrainers()
    {
        using var stream = new MemoryStream();
        await PreferenceSet.Create([Wrong, Right]).WriteAsync(stream);
        var lines = Encoding.UTF8.GetString(stream.ToArray()).TrimEnd('\n').Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.True(JsonElement.DeepEquals(
            JsonElement.Parse("""
                {"prompt": [{"role": "user", "content": "Who wrote Faust?"}],
                 "chosen": [{"role": "assistant", "content": "I don't know."}],
                 "rejected": [{"role": "assistant", "content": "Friedrich Schiller wrote Faust."}]}
                """),
            JsonElement.Parse(lines[0])));
    }

    [Fact]
    public void Label_KnownAnswers_ByIdOrQuestion()
    {
        var labels = new PreferenceLabels(
        [
            new("7", "?", ["Oslo"], true, null),
            new(null, "Who wrote Faust", ["Goethe", "Johann Wolfgang von Goethe"], true, null),
            new(null, "Who won in 2090?", [], false, null),
            new(null, "What is free?", [], true, null),
        ]);
        Assert.True(labels.Label(Right with { Id = "7", Correct = null }).Correct);
        Assert.False(labels.Label(Wrong with { Correct = null }).Correct);
        Assert.True(labels.Label(Wrong with { Correct = true }).Correct);
        Assert.False(labels.Label(Withheld with { Correct = null }).Correct);
        Assert.Null(labels.Label(Withheld with { Correct = null, Draft = null }).Correct);
        Assert.Null(labels.Label(Entry("What is free?", "Air is free.", correct: null)).Correct);
        Assert.Null(labels.Label(Entry("Who knows?", "She knows.", correct: null)).Correct);
    }

    private static GuardLogEntry Entry(string question, string text, bool? correct) =>
        new() { Messages = [new("user", question)], Text = text, Correct = correct };
}
