using Microscale.Guard.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Microscale.Guard.Tests.Observation;

public class GuardObserverTests
{
    private const string Question = "What colour is the sky?";

    public static TheoryData<bool> Modes => [false, true];

    [Theory, MemberData(nameof(Modes))]
    public async Task Delivered_IsToldOnceWithTheTextsThatAreWanted(bool streaming)
    {
        var observer = new Recorder { WantsContent = true };

        var response = await AskAsync("The sky is blue. It is wide.", streaming, observer);

        var seen = Assert.Single(observer.Seen);
        Assert.Equal(GuardDecision.Delivered, seen.Report.Decision);
        Assert.Equal((Question, "The sky is blue. It is wide.", null), (seen.Question, seen.Answer, seen.Draft));
        Assert.Equal(("scripted", "r0", streaming), (seen.ModelId, seen.ResponseId, seen.IsStreaming));
        Assert.Equal(15, seen.Usage!.TotalTokenCount);
        Assert.Equal(response.GetGuardReport()!.Verdicts!.Count, seen.Report.Verdicts!.Count);
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task Abstained_ShowsWhatTheCallerGotAndWhatWasWithheld(bool streaming)
    {
        var observer = new Recorder { WantsContent = true };

        var response = await AskAsync("This is a lie.", streaming, observer);

        var seen = Assert.Single(observer.Seen);
        Assert.Equal((GuardDecision.Abstained, GuardReason.Contradicted), (seen.Report.Decision, seen.Report.Reason));
        Assert.Equal(response.Text, seen.Answer);
        Assert.Equal("This is a lie.", seen.Draft);
        Assert.Null(seen.Report.WithheldDraft);
    }

    [Fact]
    public async Task Abstained_AfterTextWasReleased_ShowsAllThatTheCallerGot()
    {
        var observer = new Recorder { WantsContent = true };

        var response = await AskAsync("The sky is blue. This is a lie.", streaming: true, observer);

        var seen = Assert.Single(observer.Seen);
        Assert.StartsWith("The sky is blue.", seen.Answer, StringComparison.Ordinal);
        Assert.Equal(response.Text, seen.Answer);
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task Repaired_CountsTheTokensOfAllDrafts(bool streaming)
    {
        var observer = new Recorder { WantsContent = true };
        using var client = Guard(new ScriptedChatClient("This is a lie.", "The sky is blue."), o => o.MaxRepairs = 1, observer);

        await AskAsync(client, streaming);

        var seen = Assert.Single(observer.Seen);
        Assert.Equal((GuardDecision.Repaired, "The sky is blue.", 30), (seen.Report.Decision, seen.Answer, seen.Usage!.TotalTokenCount));
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task Bypassed_IsToldToo(bool streaming)
    {
        var observer = new Recorder();
        using var client = Guard(new ScriptedChatClient("This is a lie."), _ => { }, observer);

        await AskAsync(client, streaming, new ChatOptions().BypassGuard("a test"));

        Assert.Equal(GuardReason.Bypassed, Assert.Single(observer.Seen).Report.Reason);
    }

    [Fact]
    public async Task Texts_ThatNobodyWants_AreNotHandedOut()
    {
        var bare = new Recorder();
        var full = new Recorder { WantsContent = true };

        await AskAsync("This is a lie.", streaming: false, bare, full);

        var seen = Assert.Single(bare.Seen);
        Assert.Equal((null, null, null), (seen.Question, seen.Answer, seen.Draft));
        Assert.Equal(Question, Assert.Single(full.Seen).Question);
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task Observer_ThatThrows_HarmsNeitherTheAnswerNorTheOthers(bool streaming)
    {
        var other = new Recorder();

        var response = await AskAsync("The sky is blue.", streaming, new Recorder { Fault = new InvalidOperationException("scripted") }, other);

        Assert.Equal("The sky is blue.", response.Text);
        Assert.Single(other.Seen);
    }

    [Fact]
    public async Task Observers_AmongTheServices_SeeGuardsOfBothKinds()
    {
        var observer = new Recorder();
        await using var services = new ServiceCollection().AddSingleton<IGuardObserver>(observer).BuildServiceProvider();
        var model = new ScriptedChatClient("The sky is blue.");
        using var whole = model.AsBuilder().UseHallucinationGuard(g => g.VerifyWith(ScriptedVerifier.Always(Verdict.Supported)).ConfigureAbstention(o => o.WhenNoEvidence = FaultAction.Proceed)).Build(services);
        using var box = model.AsBuilder().UseAbstention(o => o.Policy = AbstentionPolicy.FromDelegate(GuardParts.None, _ => PolicyDecision.Deliver)).Build(services);

        await whole.GetResponseAsync(Question);
        await box.GetResponseAsync(Question);

        Assert.Equal(2, observer.Seen.Count);
    }

    [Fact]
    public async Task Threshold_IsThatOfThePolicyOnTheScalesItComparesWith()
    {
        var observer = new Recorder();
        using var client = Guard(new ScriptedChatClient("The sky is blue."), o => o.Policy = new AllOfPolicy(new VerdictPolicy(), new ConfidenceThresholdPolicy(0.6)), observer);

        await AskAsync(client, streaming: false);

        Assert.Equal(0.6, Assert.Single(observer.Seen).Threshold);
    }

    [Fact]
    public async Task Pipeline_IsWhatACalibrationOnTheRequestWouldBeFor()
    {
        var observer = new Recorder();
        using var client = new ScriptedChatClient("The sky is blue.").AsBuilder()
            .UseAbstention(o =>
            {
                o.Policy = new ConfidenceThresholdPolicy(0.1);
                o.Observers.Add(observer);
            })
            .UseConfidence(new ScriptedScorer(_ => 0.5, "s"))
            .Build();
        ChatMessage[] messages = [new(ChatRole.System, "Be brief."), new(ChatRole.User, Question)];

        await client.GetResponseAsync(messages);

        Assert.Equal(new CalibrationPipeline("s", "scripted", CalibrationPipeline.FingerprintPrompt(messages)), Assert.Single(observer.Seen).Pipeline);
    }

    private static async Task<ChatResponse> AskAsync(string answer, bool streaming, params Recorder[] observers)
    {
        using var client = Guard(new ScriptedChatClient(answer), _ => { }, observers);
        return await AskAsync(client, streaming);
    }

    private static async Task<ChatResponse> AskAsync(IChatClient client, bool streaming, ChatOptions? options = null) => streaming
        ? await client.GetStreamingResponseAsync(Question, options).ToChatResponseAsync()
        : await client.GetResponseAsync(Question, options);

    /// <summary>A guard by which a sentence with "lie" in it is contradicted.</summary>
    private static IChatClient Guard(IChatClient model, Action<AbstentionOptions> configure, params Recorder[] observers) => model.AsBuilder()
        .UseAbstention(options =>
        {
            options.Policy = new VerdictPolicy();
            configure(options);
            foreach (var observer in observers)
            {
                options.Observers.Add(observer);
            }
        })
        .UseVerification([new ScriptedVerifier(c => c.Text.Contains("lie", StringComparison.Ordinal) ? Verdict.Contradicted : Verdict.Supported)])
        .UseConfidence(new ScriptedScorer(_ => 0.7))
        .Build();

    private sealed class Recorder : IGuardObserver
    {
        public List<GuardObservation> Seen { get; } = [];

        public Exception? Fault { get; init; }

        public bool WantsContent { get; init; }

        public void OnDecided(GuardObservation observation)
        {
            Seen.Add(observation);
            if (Fault is not null)
            {
                throw Fault;
            }
        }
    }
}
