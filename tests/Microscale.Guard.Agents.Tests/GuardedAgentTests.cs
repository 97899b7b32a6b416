using Microscale.Guard.Testing;
using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Agents.Tests;

public class GuardedAgentTests
{
    private static readonly Evidence Sky = new("sky", "The sky is blue.");

    public static TheoryData<bool> Modes => [false, true];

    [Theory, MemberData(nameof(Modes))]
    public async Task SupportedAnswer_IsDeliveredWithItsReport(bool streaming)
    {
        using var model = new ScriptedChatClient("The sky is blue.");
        var agent = Guarded(new ChatClientAgent(model, "Answer briefly.", "watcher"), Verdict.Supported);

        var response = await RunAsync(agent, "What colour is the sky?", streaming);

        Assert.Equal("The sky is blue.", response.Text);
        var report = response.GetGuardReport()!;
        Assert.Equal(GuardDecision.Delivered, report.Decision);
        Assert.Equal("sky", Assert.Single(report.Evidence).Id);
        Assert.Equal("Answer briefly.", model.Calls[0].Options!.Instructions);
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task UnsupportedAnswer_IsWithheldAndNotRemembered(bool streaming)
    {
        using var model = new ScriptedChatClient("The sky is green.");
        var agent = Guarded(new ChatClientAgent(model), Verdict.Contradicted);
        var session = await agent.CreateSessionAsync();

        var response = await RunAsync(agent, "What colour is the sky?", streaming, session);
        await RunAsync(agent, "And at night?", streaming, session);

        Assert.DoesNotContain("green", response.Text);
        var report = response.GetGuardReport()!;
        Assert.Equal((GuardDecision.Abstained, GuardReason.Contradicted), (report.Decision!.Value, report.Reason));
        Assert.Equal(ChatFinishReason.ContentFilter, response.FinishReason);
        var second = model.Calls[1].Messages;
        Assert.Contains(second, m => m.Role == ChatRole.Assistant && m.Text.Trim() == response.Text.Trim());
        Assert.DoesNotContain(second, m => m.Text.Contains("green", StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task RepairedAnswer_IsOneTurnOfTheSession(bool streaming)
    {
        using var model = new ScriptedChatClient("The sky is green.", "The sky is blue.", "The night is dark.");
        var agent = new AIAgentBuilder(new ChatClientAgent(model)).UseHallucinationGuard(guard => guard
            .VerifyWith(new ScriptedVerifier(c => c.Text.Contains("green", StringComparison.Ordinal) ? Verdict.Contradicted : Verdict.Supported))
            .RepairUpTo(1)).Build();
        var session = await agent.CreateSessionAsync();

        var response = await RunAsync(agent, "What colour is the sky?", streaming, session);
        await RunAsync(agent, "And at night?", streaming, session);

        Assert.Equal("The sky is blue.", response.Text.Trim());
        Assert.Equal(GuardDecision.Repaired, response.GetGuardReport()!.Decision);
        Assert.Equal(
            ["What colour is the sky?", "The sky is blue.", "And at night?"],
            model.Calls[2].Messages.Where(m => m.Text.Length > 0).Select(m => m.Text.Trim()));
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task ToolResult_IsEvidence(bool streaming)
    {
        using var model = new ScriptedChatClient(
            new ScriptedReply("") { OtherContents = [new FunctionCallContent("c1", "look_up")], FinishReason = ChatFinishReason.ToolCalls },
            "The tower is 96 metres high.");
        var verifier = new ScriptedVerifier(_ => Verdict.Supported);
        var tool = AIFunctionFactory.Create(() => "The tower is 96 metres high.", "look_up");
        var agent = new AIAgentBuilder(new ChatClientAgent(model, tools: [tool]))
            .UseHallucinationGuard(guard => guard.VerifyWith(verifier)).Build();

        var response = await RunAsync(agent, "How high is the tower?", streaming);

        Assert.Equal("The tower is 96 metres high.", response.Text);
        Assert.Equal(EvidenceProvenance.ToolResult, Assert.Single(response.GetGuardReport()!.Evidence).Provenance);
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task RunOptions_AreKept(bool streaming)
    {
        using var model = new ScriptedChatClient("The sky is blue.");
        var agent = Guarded(new ChatClientAgent(model), Verdict.Supported);
        var used = 0;
        var options = new ChatClientAgentRunOptions(new ChatOptions { Temperature = 0.25f }.WithGuard(g => g.Verify = false))
        {
            ChatClientFactory = client =>
            {
                used++;
                return client;
            },
        };

        var response = await RunAsync(agent, "What?", streaming, options: options);
        await RunAsync(agent, "What?", streaming, options: new AgentRunOptions { ResponseFormat = ChatResponseFormat.Json });

        Assert.Equal(1, used);
        Assert.Equal(0.25f, model.Calls[0].Options!.Temperature);
        Assert.IsType<ChatResponseFormatJson>(model.Calls[1].Options!.ResponseFormat);

        // A policy that needs verdicts withholds what was not verified.
        Assert.Equal(GuardDecision.Abstained, response.GetGuardReport()!.Decision);
    }

    [Fact]
    public void AgentWithoutChatClient_IsRefused()
    {
        var builder = new AIAgentBuilder(new PlainAgent()).UseHallucinationGuard(guard => guard.VerifyWith(ScriptedVerifier.Always(Verdict.Supported)));

        Assert.Contains(nameof(ChatClientAgent), Assert.Throws<InvalidOperationException>(() => builder.Build()).Message);
    }

    [Fact]
    public async Task Services_MakeTheGuardOnce()
    {
        using var model = new ScriptedChatClient("The sky is blue.");
        var services = new OneService(ScriptedVerifier.Always(Verdict.Supported));
        var made = 0;
        var agent = new AIAgentBuilder(new ChatClientAgent(model)).UseHallucinationGuard((provider, guard) =>
        {
            made++;
            guard.VerifyWith((IClaimVerifier)provider.GetService(typeof(IClaimVerifier))!);
        }).Build(services);

        await agent.RunAsync("What?");
        var response = await agent.RunAsync("What?");

        Assert.Equal(1, made);
        Assert.Equal(GuardDecision.Delivered, response.GetGuardReport()!.Decision);
    }

    private static AIAgent Guarded(AIAgent agent, Verdict verdict) => new AIAgentBuilder(agent).UseHallucinationGuard(guard => guard
        .GroundWith(new ScriptedEvidenceSource(Sky)).VerifyWith(ScriptedVerifier.Always(verdict))).Build();

    private static Task<AgentResponse> RunAsync(
        AIAgent agent, string question, bool streaming, AgentSession? session = null, AgentRunOptions? options = null) => streaming
        ? agent.RunStreamingAsync(question, session, options).ToAgentResponseAsync()
        : agent.RunAsync(question, session, options);

    private sealed class OneService(IClaimVerifier verifier) : IServiceProvider
    {
        public object? GetService(Type serviceType) => serviceType == typeof(IClaimVerifier) ? verifier : null;
    }

    private sealed class PlainAgent : AIAgent
    {
        protected override ValueTask<AgentSession> CreateSessionCoreAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

        protected override ValueTask<System.Text.Json.JsonElement> SerializeSessionCoreAsync(
            AgentSession session, System.Text.Json.JsonSerializerOptions? jsonSerializerOptions = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        protected override ValueTask<AgentSession> DeserializeSessionCoreAsync(
            System.Text.Json.JsonElement serializedState, System.Text.Json.JsonSerializerOptions? jsonSerializerOptions = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        protected override Task<AgentResponse> RunCoreAsync(
            IEnumerable<ChatMessage> messages, AgentSession? session = null, AgentRunOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        protected override IAsyncEnumerable<AgentResponseUpdate> RunCoreStreamingAsync(
            IEnumerable<ChatMessage> messages, AgentSession? session = null, AgentRunOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    }
}
