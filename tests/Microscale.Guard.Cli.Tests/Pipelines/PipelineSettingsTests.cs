using Microscale.Guard.Cli.Clients;
using Microscale.Guard.Cli.Pipelines;
using Microscale.Guard.Testing;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Cli.Tests.Pipelines;

public sealed class PipelineSettingsTests
{
    [Fact]
    public void Load_File_ReadsEverySection()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("strict.json", """
            {
              "Client": { "Kind": "ollama", "Model": "llama3.2", "Endpoint": "http://localhost:1234" },
              "Escalation": { "Kind": "openai", "Model": "gpt-4o" },
              "Scorer": { "Kind": "consistency", "Samples": 3, "Similarity": "exact" },
              "Verifiers": [ "facts", "quotations" ],
              "Documents": { "Embeddings": false, "Search": { "MaxPassageWords": 60 } },
              "Request": { "Temperature": 0.5, "MaxOutputTokens": 20 },
              "Guard": { "AbstainBelow": 0.7 }
            }
            """);

        var settings = PipelineSettings.Load(path);

        Assert.Equal("strict", settings.Name);
        Assert.Equal(new ClientSettings { Kind = ClientKind.Ollama, Model = "llama3.2", Endpoint = new("http://localhost:1234") }, settings.Client);
        Assert.Equal("gpt-4o", settings.Escalation?.Model);
        Assert.Equal(("consistency", 3, "exact"), (settings.Scorer?.Kind, settings.Scorer?.Samples, settings.Scorer?.Similarity));
        Assert.Equal(["facts", "quotations"], settings.Verifiers);
        Assert.Equal((false, 60), (settings.Documents.Embeddings, settings.Documents.Search.MaxPassageWords));
        Assert.Equal(0.5f, settings.Request.ToChatOptions().Temperature);
        Assert.Equal("0.7", settings.Guard?["AbstainBelow"]);
    }

    [Theory]
    [InlineData("{ \"Verifyers\": [] }", "Verifyers")]
    [InlineData("{ \"Client\": { \"Kind\": \"nobody\" } }", "nobody")]
    [InlineData("{ \"Verifiers\": [", "cannot be read")]
    public void Load_WrongFile_SaysWhatIsWrong(string json, string part)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("wrong.json", json);

        var exception = Assert.Throws<BadInputException>(() => PipelineSettings.Load(path));

        Assert.Contains(part, exception.Message);
    }

    [Fact]
    public void Load_UnknownName_NamesTheBuiltInOnes() =>
        Assert.Contains("closed-book", Assert.Throws<BadInputException>(() => PipelineSettings.Load("open-book")).Message);

    [Theory]
    [InlineData("{ \"Verifiers\": [ \"oracle\" ] }", "oracle")]
    [InlineData("{ \"Verifiers\": [ \"facts\" ], \"Scorer\": { \"Kind\": \"hunch\" } }", "hunch")]
    [InlineData("{ \"Verifiers\": [ \"facts\" ], \"Guard\": { \"Abstention\": { \"MaxRepairs\": 99 } } }", "MaxRepairs")]
    [InlineData("{ \"Verifiers\": [ \"facts\" ], \"Guard\": { \"AbstainBellow\": 0.5 } }", "AbstainBellow")]
    [InlineData("{ \"Verifiers\": [ \"facts\" ], \"Quote\": \"Otherwise\", \"Escalation\": { \"Kind\": \"openai\", \"Model\": \"gpt-4o\" } }", "Quote")]
    [InlineData("{ \"Verifiers\": [ \"facts\" ], \"Quote\": \"Otherwise\", \"Scorer\": { \"Kind\": \"p-true\" } }", "p_true")]
    public async Task CreateAsync_WhatCannotBe_IsBadInput(string json, string part)
    {
        using var folder = new TemporaryFolder();
        var settings = PipelineSettings.Load(folder.Write("wrong.json", json));

        var exception = await Assert.ThrowsAsync<BadInputException>(
            () => GuardedPipeline.CreateAsync(settings, new ScriptedChatClient("Yes."), [], keepDraft: false, TestContext.Current.CancellationToken));

        Assert.Contains(part, exception.Message);
    }

    [Fact]
    public async Task CreateAsync_Quote_AnswersWithASentenceOfTheDocumentsWhereTheModelFails()
    {
        using var folder = new TemporaryFolder();
        var settings = PipelineSettings.Load(folder.Write("quote.json", """
            { "Scorer": { "Kind": "evidence-fit" }, "Quote": "Otherwise", "Documents": { "Embeddings": false }, "Guard": { "AbstainBelow": 0.5 } }
            """));
        Evidence document = new("a", "The Moon is far. The Apollo mission reached the Moon in 1968.");
        using var pipeline = await GuardedPipeline.CreateAsync(
            settings, new ScriptedChatClient("In 1999."), [document], keepDraft: false, TestContext.Current.CancellationToken);

        var response = await pipeline.Guarded.GetResponseAsync("When did the Apollo mission reach the Moon?", cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal("The Apollo mission reached the Moon in 1968.", response.Text.Trim());
    }

    [Fact]
    public async Task CreateAsync_QuotesAlways_AsksNoModel()
    {
        using var folder = new TemporaryFolder();
        var settings = PipelineSettings.Load(folder.Write("quotes.json", """
            { "Scorer": { "Kind": "evidence-fit" }, "Quote": "Always", "Documents": { "Embeddings": false } }
            """));
        var model = new ScriptedChatClient("In 1999.");
        Evidence document = new("a", "The Moon is far. The Apollo mission reached the Moon in 1968.");
        using var pipeline = await GuardedPipeline.CreateAsync(settings, model, [document], keepDraft: false, TestContext.Current.CancellationToken);

        var response = await pipeline.Guarded.GetResponseAsync("When did the Apollo mission reach the Moon?", cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(("The Apollo mission reached the Moon in 1968.", "quotation"), (response.Text.Trim(), response.ModelId));
        Assert.Empty(model.Calls);
    }
}
