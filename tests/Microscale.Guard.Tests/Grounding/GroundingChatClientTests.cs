using Microscale.Guard.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace Microscale.Guard.Tests.Grounding;

public class GroundingChatClientTests
{
    private const string Question = "How high is Mount Fuji?";

    private static readonly Evidence Fuji = new("fuji", "Mount Fuji is in Japan. It is 3,776 metres high.") { Source = "Atlas", Url = new Uri("https://example.org/fuji") };
    private static readonly Evidence Elbrus = new("elbrus", "Elbrus is the highest mountain of Europe.") { Source = "Peaks" };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Request_EvidenceFound_IsPutBeforeTheQuestionInACopy(bool streaming)
    {
        var model = new ScriptedChatClient("3,776 metres.");
        var source = new ScriptedEvidenceSource(Fuji, Elbrus);
        using var client = new GroundingChatClient(model, source);
        var message = new ChatMessage(ChatRole.User, Question);
        List<ChatMessage> messages = [new(ChatRole.System, "Be brief."), message];
        var options = new ChatOptions { Temperature = 0.5f, AdditionalProperties = new() { ["mine"] = 1 } };

        var response = await client.AskAsync(messages, streaming, options);

        var call = Assert.Single(model.Calls);
        var contents = call.Messages[1].Contents.Cast<TextContent>().ToList();
        Assert.Equal(4, contents.Count);
        Assert.StartsWith("[1] Atlas\n<", contents[0].Text, StringComparison.Ordinal);
        Assert.Contains(Fuji.Text, contents[0].Text, StringComparison.Ordinal);
        Assert.StartsWith("[2] Peaks\n<", contents[1].Text, StringComparison.Ordinal);
        Assert.StartsWith(GroundingOptions.DefaultInstruction, contents[2].Text, StringComparison.Ordinal);
        Assert.Same(message.Contents[0], contents[3]);
        Assert.Equal(Question, Conversation.Question(call.Messages));
        Assert.Equal([Fuji, Elbrus], call.Messages.GetEvidence());
        Assert.Equal(GroundingOutcome.Found, call.Options.GetGroundingOutcome(call.Messages));
        Assert.Equal(0.5f, call.Options!.Temperature);

        // Nothing of the caller's changed.
        Assert.Equal(2, messages.Count);
        Assert.Same(message, messages[1]);
        Assert.Equal(Question, Assert.IsType<TextContent>(Assert.Single(message.Contents)).Text);
        Assert.Equal(["mine"], options.AdditionalProperties.Keys);

        Assert.Equal([Fuji, Elbrus], response.GetGuardReport()!.Evidence);
        Assert.Empty(response.GetGuardReport()!.Faults);
        Assert.Equal(Question, Assert.Single(source.Queries).Text);
        Assert.Equal(4, source.Queries[0].MaxResults);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Request_NothingFound_GoesOnUnchangedAndSaysSo(bool streaming)
    {
        var model = new ScriptedChatClient("No idea.");
        using var client = new GroundingChatClient(model, new ScriptedEvidenceSource());

        var response = await client.AskAsync([new(ChatRole.User, Question)], streaming);

        var call = Assert.Single(model.Calls);
        Assert.Equal(Question, Assert.Single(call.Messages).Text);
        Assert.Equal(GroundingOutcome.Empty, call.Options.GetGroundingOutcome(call.Messages));
        Assert.Empty(response.GetGuardReport()!.Evidence);
        Assert.Empty(response.GetGuardReport()!.Faults);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Request_NothingIsAsked_PassesThrough(bool streaming)
    {
        var model = new ScriptedChatClient("Hello.");
        var source = new ScriptedEvidenceSource(Fuji);
        using var client = new GroundingChatClient(model, source);
        List<ChatMessage> messages = [new(ChatRole.System, "Greet.")];

        var response = await client.AskAsync(messages, streaming);

        Assert.Empty(source.Queries);
        Assert.Null(response.GetGuardReport());
        Assert.Null(Assert.Single(model.Calls).Options);
        Assert.Same(messages[0], Assert.Single(model.Calls[0].Messages));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Request_SeveralTurns_GroundsTheLastUserTurnOnly(bool streaming)
    {
        var model = new ScriptedChatClient("In Europe.");
        var source = new ScriptedEvidenceSource(Elbrus);
        using var client = new GroundingChatClient(model, source);
        List<ChatMessage> messages =
        [
            new(ChatRole.User, Question),
            new(ChatRole.Assistant, "3,776 metres."),
            new(ChatRole.User, "And where is Elbrus?"),
            new(ChatRole.Assistant, [new FunctionCallContent("c1", "find")]),
            new(ChatRole.Tool, [new FunctionResultContent("c1", "Elbrus: Caucasus")]),
        ];

        var response = await client.AskAsync(messages, streaming);

        Assert.Equal("And where is Elbrus?", Assert.Single(source.Queries).Text);
        Assert.Equal(5, source.Queries[0].Conversation.Count);
        var seen = Assert.Single(model.Calls).Messages;
        Assert.Equal([Question, "3,776 metres."], seen.Take(2).Select(m => m.Text));
        Assert.Same(messages[3], seen[3]);
        Assert.Equal(["elbrus", "tool-c1"], response.GetGuardReport()!.Evidence.Select(e => e.Id));
        Assert.StartsWith("[1] Peaks", ((TextContent)seen[2].Contents[0]).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_EvidenceIsThereAlready_NumbersAndIdsGoOn()
    {
        var model = new ScriptedChatClient("3,776 metres.");
        using var client = new GroundingChatClient(model, new ScriptedEvidenceSource(Fuji with { Id = "caller-1" }, Elbrus with { Id = "tool-c1" }));
        List<ChatMessage> messages =
        [
            new(ChatRole.User, "What is Fuji?"),
            new(ChatRole.Assistant, [new FunctionCallContent("c1", "find")]),
            new(ChatRole.Tool, [new FunctionResultContent("c1", "A mountain.")]),
            new(ChatRole.User, [new TextContent("Fuji last erupted in 1707.").AsEvidence("caller-1"), new TextContent(Question)]),
        ];

        await client.GetResponseAsync(messages, cancellationToken: TestContext.Current.CancellationToken);

        var seen = Assert.Single(model.Calls).Messages;
        var evidence = seen.GetEvidence();
        Assert.Equal(["tool-c1", "caller-1-2", "tool-c1-2", "caller-1"], evidence.Select(e => e.Id));
        Assert.Equal(
            [EvidenceProvenance.ToolResult, EvidenceProvenance.Retrieved, EvidenceProvenance.Retrieved, EvidenceProvenance.Caller],
            evidence.Select(e => e.Provenance));

        // The number shown is the place in that list.
        Assert.StartsWith("[2] Atlas", ((TextContent)seen[3].Contents[0]).Text, StringComparison.Ordinal);
        Assert.StartsWith("[3] Peaks", ((TextContent)seen[3].Contents[1]).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Request_GroundedByAnOuterClient_IsNotGroundedAgain(bool streaming)
    {
        var model = new ScriptedChatClient("3,776 metres.");
        var inner = new ScriptedEvidenceSource(Elbrus);
        using var client = model.AsBuilder().UseGrounding(new ScriptedEvidenceSource(Fuji)).UseGrounding(inner).Build();

        var response = await client.AskAsync([new(ChatRole.User, Question)], streaming);

        Assert.Empty(inner.Queries);
        Assert.Equal([Fuji], Assert.Single(model.Calls).Messages.GetEvidence());
        Assert.Equal([Fuji], response.GetGuardReport()!.Evidence);
        Assert.Equal(GroundingOutcome.Found, model.Calls[0].Options.GetGroundingOutcome(model.Calls[0].Messages));
    }

    [Fact]
    public async Task Request_InsideOfFunctionInvocation_GroundsEachTurnTheSame()
    {
        var model = new ScriptedChatClient
        {
            Respond = call => call.Index == 0
                ? new ScriptedReply("") { OtherContents = [new FunctionCallContent("c1", "height")], FinishReason = ChatFinishReason.ToolCalls }
                : "3,776 metres.",
        };
        using var client = model.AsBuilder().UseFunctionInvocation().UseGrounding(new ScriptedEvidenceSource(Fuji)).Build();
        var options = new ChatOptions { Tools = [AIFunctionFactory.Create(() => "3776", "height")] };

        var response = await client.GetResponseAsync(Question, options, TestContext.Current.CancellationToken);

        Assert.Equal(2, model.Calls.Count);
        Assert.Equal(model.Calls[0].Messages[0].Text, model.Calls[1].Messages[0].Text);
        Assert.Equal(["fuji", "tool-c1"], response.GetGuardReport()!.Evidence.Select(e => e.Id));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Response_ToolCallOnly_PassesUnjudged(bool streaming)
    {
        var model = new ScriptedChatClient(new ScriptedReply("") { OtherContents = [new FunctionCallContent("c1", "find")], FinishReason = ChatFinishReason.ToolCalls });
        using var client = new GroundingChatClient(model, new ScriptedEvidenceSource(Fuji));

        var response = await client.AskAsync([new(ChatRole.User, Question)], streaming);

        Assert.Null(response.GetGuardReport());
        Assert.Equal(ChatFinishReason.ToolCalls, response.FinishReason);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Response_Identity_IsKept(bool streaming)
    {
        var model = new ScriptedChatClient("3,776 metres.");
        using var client = new GroundingChatClient(model, new ScriptedEvidenceSource(Fuji));

        var response = await client.AskAsync([new(ChatRole.User, Question)], streaming);

        Assert.Equal("3,776 metres.", response.Text);
        Assert.Equal("r0", response.ResponseId);
        Assert.Equal("scripted", response.ModelId);
        Assert.Equal(15, response.Usage!.TotalTokenCount);
        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
        Assert.Single(response.Messages);
    }

    [Fact]
    public async Task Stream_ConsumerStops_EndsTheInnerStream()
    {
        var model = new ScriptedChatClient("one two three four");
        using var client = new GroundingChatClient(model, new ScriptedEvidenceSource(Fuji));

        await foreach (var _ in client.GetStreamingResponseAsync(Question, cancellationToken: TestContext.Current.CancellationToken))
        {
            break;
        }

        Assert.Equal(1, model.StreamsCut);
    }

    [Fact]
    public async Task Request_SourceLiesAboutScoresAndTexts_IsCleaned()
    {
        var model = new ScriptedChatClient("ok then");
        var source = new ScriptedEvidenceSource(
            Fuji with { Score = double.NaN, Provenance = EvidenceProvenance.Caller },
            Fuji with { Id = "again" },
            new Evidence("fuji", "Other words."),
            new Evidence("blank", " \n"),
            new Evidence("none", null!),
            new Evidence(null!, "Nameless."),
            Elbrus)
        { Misbehaviour = Misbehaviour.Lies };
        using var client = new GroundingChatClient(model, source, new GroundingOptions { MaxEvidence = 3 });

        var response = await client.GetResponseAsync(Question, cancellationToken: TestContext.Current.CancellationToken);

        var evidence = response.GetGuardReport()!.Evidence;
        Assert.Equal(["fuji", "fuji-2", "passage"], evidence.Select(e => e.Id));
        Assert.All(evidence, e => Assert.Equal(EvidenceProvenance.Retrieved, e.Provenance));
        Assert.Null(evidence[0].Score);
        var fault = Assert.Single(response.GetGuardReport()!.Faults);
        Assert.Equal(("invalid", "It gave 3 passages without text, which were left out."), (fault.ErrorType, fault.Message));
    }

    [Fact]
    public async Task Request_EvidenceOverTheBudget_IsCutAtASentenceOrLeftOut()
    {
        var model = new ScriptedChatClient("ok then");
        var sentence = "This sentence has exactly fifty characters in it. ";
        var long1 = new Evidence("long1", string.Concat(Enumerable.Repeat(sentence, 5)));
        var long2 = new Evidence("long2", new string('x', 60));
        var small = new Evidence("small", "Short.");
        using var client = new GroundingChatClient(
            model, new ScriptedEvidenceSource(long1, long2, small), new GroundingOptions { MaxEvidenceTokens = 30 });

        await client.GetResponseAsync(Question, cancellationToken: TestContext.Current.CancellationToken);

        var evidence = Assert.Single(model.Calls).Messages.GetEvidence();
        Assert.Equal(["long1", "small"], evidence.Select(e => e.Id));
        Assert.Equal((sentence + sentence).TrimEnd(), evidence[0].Text);
    }

    [Fact]
    public async Task Request_OwnTokenCounter_RulesTheBudget()
    {
        var model = new ScriptedChatClient("ok then");
        using var client = new GroundingChatClient(
            model,
            new ScriptedEvidenceSource(Fuji, Elbrus),
            new GroundingOptions { MaxEvidenceTokens = 25, CountTokens = text => text.Split(' ').Length * 3 });

        await client.GetResponseAsync(Question, cancellationToken: TestContext.Current.CancellationToken);

        // Ten words, 30 tokens: only the first sentence, of five words, fits; then nothing does.
        Assert.Equal("Mount Fuji is in Japan.", Assert.Single(Assert.Single(model.Calls).Messages.GetEvidence()).Text);
    }

    [Fact]
    public async Task Request_OwnQuery_IsSearched()
    {
        var source = new ScriptedEvidenceSource(Fuji);
        using var client = new GroundingChatClient(
            new ScriptedChatClient("3,776 metres."), source, new GroundingOptions { WriteQuery = (messages, _) => new($"height {messages.Count}") });

        await client.GetResponseAsync(Question, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal("height 1", Assert.Single(source.Queries).Text);
    }

    [Fact]
    public async Task Request_OwnQueryFails_IsAFaultOfTheGrounding()
    {
        var source = new ScriptedEvidenceSource(Fuji);
        using var client = new GroundingChatClient(
            new ScriptedChatClient("3,776 metres."), source, new GroundingOptions { WriteQuery = (_, _) => throw new TimeoutException() });

        var response = await client.GetResponseAsync(Question, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Empty(source.Queries);
        Assert.Equal(GuardStage.Grounding, Assert.Single(response.GetGuardReport()!.Faults).Stage);
    }

    [Fact]
    public void Options_OutOfRange_NameTheSettingAndTheRemedy()
    {
        var builder = new ScriptedChatClient("x").AsBuilder();
        var source = new ScriptedEvidenceSource();

        void Rejects(string setting, Action<GroundingOptions> configure)
        {
            var exception = Assert.Throws<ArgumentException>(() => builder.UseGrounding(source, configure));
            Assert.Contains($"GroundingOptions.{setting} is out of range: set it to ", exception.Message, StringComparison.Ordinal);
        }

        Rejects("MaxEvidence", o => o.MaxEvidence = 0);
        Rejects("MaxEvidenceTokens", o => o.MaxEvidenceTokens = 24);
        Rejects("CountTokens", o => o.CountTokens = null!);
        Rejects("WriteQuery", o => o.WriteQuery = null!);
        Rejects("Timeout", o => o.Timeout = TimeSpan.Zero);
        Rejects("Instruction", o => o.Instruction = null!);
        Rejects("TimeProvider", o => o.TimeProvider = null!);
    }

    [Fact]
    public async Task Request_EmptyMessageList_IsRejected()
    {
        using var client = new GroundingChatClient(new ScriptedChatClient("x"), new ScriptedEvidenceSource());

        await Assert.ThrowsAsync<ArgumentException>(() => client.GetResponseAsync([], cancellationToken: TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Log_FaultyAndFoundEvidence_HoldsNoContent()
    {
        var collector = new FakeLogCollector();
        using var factory = LoggerFactory.Create(b => b.SetMinimumLevel(LogLevel.Trace).AddProvider(new FakeLoggerProvider(collector)));
        using var found = new GroundingChatClient(new ScriptedChatClient("[9] says so"), new ScriptedEvidenceSource(Fuji), null, factory);
        using var failed = new GroundingChatClient(new ScriptedChatClient("x"), new ScriptedEvidenceSource { Misbehaviour = Misbehaviour.Throws }, null, factory);

        await found.GetResponseAsync(Question, cancellationToken: TestContext.Current.CancellationToken);
        await failed.GetResponseAsync(Question, cancellationToken: TestContext.Current.CancellationToken);

        var records = collector.GetSnapshot();
        Assert.Equal([LogLevel.Debug, LogLevel.Warning, LogLevel.Warning], records.Select(r => r.Level));
        Assert.All(records, r =>
        {
            Assert.DoesNotContain("Fuji", r.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("scripted fault", r.Message, StringComparison.Ordinal);
        });
    }
}
