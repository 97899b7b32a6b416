using Microscale.Guard.Testing;
using Microsoft.Extensions.AI;

namespace Microscale.Guard.Tests.Scoring;

public class ConfidenceOptionsTests
{
    public static TheoryData<string, ConfidenceOptions> Bad => new()
    {
        { nameof(ConfidenceOptions.ScorerTimeout), new() { ScorerTimeout = TimeSpan.Zero } },
        { nameof(ConfidenceOptions.ScorerTimeout), new() { ScorerTimeout = Timeout.InfiniteTimeSpan } },
        { nameof(ConfidenceOptions.TopAlternatives), new() { TopAlternatives = -1 } },
        { nameof(ConfidenceOptions.TopAlternatives), new() { TopAlternatives = 21 } },
        { nameof(ConfidenceOptions.MaxConcurrentSamples), new() { MaxConcurrentSamples = 0 } },
        { nameof(ConfidenceOptions.SampleTemperature), new() { SampleTemperature = -0.1f } },
        { nameof(ConfidenceOptions.SampleTemperature), new() { SampleTemperature = float.NaN } },
        { nameof(ConfidenceOptions.TimeProvider), new() { TimeProvider = null! } },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void Constructor_BadSetting_NamesTheSettingAndTheRemedy(string setting, ConfidenceOptions options)
    {
        using var model = new ScriptedChatClient("x");

        var exception = Assert.Throws<ArgumentException>(() => new ConfidenceChatClient(model, Confidence.TokenProbability(), options));

        Assert.Contains("ConfidenceOptions." + setting, exception.Message, StringComparison.Ordinal);
        Assert.Matches("set it|leave it", exception.Message);
    }

    [Fact]
    public void UseConfidence_BadSetting_ThrowsBeforeTheClientIsBuilt()
    {
        using var model = new ScriptedChatClient("x");

        Assert.Throws<ArgumentException>(
            () => model.AsBuilder().UseConfidence(Confidence.TokenProbability(), o => o.TopAlternatives = 99));
    }

    [Fact]
    public async Task Constructor_OptionsChangedLater_KeepsWhatItRead()
    {
        using var model = new ScriptedChatClient("x");
        var options = new ConfidenceOptions();
        using var client = new ConfidenceChatClient(model, Confidence.TokenProbability(), options);

        options.TopAlternatives = 0;
        await client.GetResponseAsync("q");

        Assert.Equal(5, Assert.Single(model.Calls).Options.GetRequestedLogProbabilities());
    }

    [Fact]
    public void GetService_OfTheScorer_IsTheScorer()
    {
        using var model = new ScriptedChatClient("x");
        var scorer = Confidence.Consistency();
        using var client = model.AsBuilder().UseConfidence(scorer).Build();

        Assert.Same(scorer, client.GetService<IConfidenceScorer>());
        Assert.Same(model, client.GetService<ScriptedChatClient>());
        Assert.NotNull(client.GetService<ConfidenceChatClient>());
        Assert.Null(client.GetService<IConfidenceScorer>("key"));
    }
}
