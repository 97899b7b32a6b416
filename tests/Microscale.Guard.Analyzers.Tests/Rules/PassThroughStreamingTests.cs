using Microscale.Guard.Analyzers.Tests.Harness;
using Microscale.Guard.CodeFixes;

namespace Microscale.Guard.Analyzers.Tests.Rules;

public class PassThroughStreamingTests
{
    /// <summary>The rule goes by names, so that it knows modes of later versions.</summary>
    private const string Library = """
        namespace Microscale.Guard
        {
            enum StreamingMode { SentenceGated, Buffered, PassThrough }
            class AbstentionOptions { public StreamingMode Streaming { get; set; } }
        }
        """;

    private static readonly Verify Streaming = new("MSG009");

    private static readonly Verify WithOwnLibrary = new("MSG009")
    {
        CompiledAgainst = References.All.Where(r => !r.Display!.EndsWith("Microscale.Guard.dll", StringComparison.Ordinal)),
        HasImplicitUsings = false,
    };

    [Fact]
    public async Task AModeThatLetsTextPass_IsReported() => await WithOwnLibrary.ReportsAsync(Source("[|StreamingMode.PassThrough|]"));

    [Fact]
    public async Task GatedAndBufferedModes_AreSilent() => await WithOwnLibrary.ReportsAsync([Source("StreamingMode.Buffered"), "class D { void M(Microscale.Guard.AbstentionOptions o) => o.Streaming = default; }"]);

    [Fact]
    public async Task Fix_TakesTheGatedMode() => await WithOwnLibrary.FixesAsync<GateStreamCodeFixProvider>(Source("[|StreamingMode.PassThrough|] /* fast */"), Source("StreamingMode.SentenceGated /* fast */"));

    [Fact]
    public async Task AStreamThatIsJudgedOnly_IsReported() => await Streaming.ReportsInMethodAsync("""
        IChatClient verified = new ChatClientBuilder(new OllamaApiClient(uri, "m")).UseVerification().Build();
        await foreach (var update in verified.[|GetStreamingResponseAsync|]("q")) { }
        await verified.GetResponseAsync("q");
        IChatClient guarded = new ChatClientBuilder(new OllamaApiClient(uri, "m")).UseHallucinationGuard(_ => { }).Build();
        await foreach (var update in guarded.GetStreamingResponseAsync("q")) { }
        """);

    private static string Source(string mode) => $$"""
        using Microscale.Guard;

        class C
        {
            void M(AbstentionOptions options) => options.Streaming = {{mode}};
        }

        """ + Library;
}
