using Microscale.Guard.Analyzers.Tests.Harness;

namespace Microscale.Guard.Analyzers.Tests.Origins;

public class ElementTests
{
    private static readonly Verify Unguarded = new("MSG001");

    [Fact]
    public async Task Tuples_AreTracedByElement() => await Unguarded.ReportsInMethodAsync("""
        IChatClient plain = new OllamaApiClient(uri, "m");
        IChatClient guarded = plain.AsBuilder().UseAbstention(_ => { }).Build();
        var (one, two) = (plain, guarded);
        await [|one.GetResponseAsync("q")|];
        await two.GetResponseAsync("q");
        var pair = (Plain: plain, Guarded: guarded);
        await [|pair.Plain.GetResponseAsync("q")|];
        await pair.Guarded.GetResponseAsync("q");
        await [|pair.Item1.GetResponseAsync("q")|];
        var (three, four) = Make();
        await [|three.GetResponseAsync("q")|];
        await four.GetResponseAsync("q");
        (IChatClient Client, string Name) made = flag ? (plain, "n") : (guarded, "m");
        await [|made.Client.GetResponseAsync("q")|];
        (IChatClient, IChatClient) Make() => (plain, guarded);
        """);

    [Fact]
    public async Task Collections_AreTracedByAllOfTheirElements() => await Unguarded.ReportsInMethodAsync("""
        IChatClient plain = new OllamaApiClient(uri, "m");
        IChatClient guarded = plain.AsBuilder().UseAbstention(_ => { }).Build();
        IChatClient[] array = [guarded, plain];
        await [|array[0].GetResponseAsync("q")|];
        var safe = new[] { guarded, guarded };
        await safe[1].GetResponseAsync("q");
        foreach (var client in new List<IChatClient> { plain, guarded }) { await [|client.GetResponseAsync("q")|]; }
        foreach (var client in safe) { await client.GetResponseAsync("q"); }
        var byName = new Dictionary<string, IChatClient> { ["a"] = plain };
        await [|byName["a"].GetResponseAsync("q")|];
        var added = new List<IChatClient>();
        added.Add(plain);
        await [|added[0].GetResponseAsync("q")|];
        await [|added.First().GetResponseAsync("q")|];
        var filled = new List<IChatClient>();
        Fill(filled);
        foreach (var client in filled) { await client.GetResponseAsync("q"); }
        void Fill(List<IChatClient> list) { }
        """);
}
