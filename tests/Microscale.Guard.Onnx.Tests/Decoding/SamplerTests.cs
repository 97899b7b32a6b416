using CsCheck;
using Microscale.Guard.Onnx.Tests.Models;

namespace Microscale.Guard.Onnx.Tests.Decoding;

public class SamplerTests
{
    /// <summary>In steps, so that what differs here differs in single-precision weights too.</summary>
    private static readonly Gen<float[]> s_logits = Gen.OneOf(
        Gen.Int[-800, 800].Select(i => i / 100f).Array[1, 300],
        Gen.Int[-3, 3].Select(i => (float)i).Array[1, 200],
        Gen.OneOf(Gen.Int[-20, 20].Select(i => i / 10f), Gen.Const(float.NegativeInfinity)).Array[1, 100].Select(a => (float[])[.. a, 0f]));

    [Fact]
    public void SelectBest_AnyValues_IsTheSortedBeginning() => Gen.Select(s_logits, Gen.Int[0, 30]).Sample((values, k) =>
    {
        var best = new ulong[Math.Min(k, values.Length)];
        TokenRank.SelectBest(values, best);

        var expected = Enumerable.Range(0, values.Length).OrderByDescending(i => values[i]).ThenBy(i => i).Take(best.Length).ToList();
        Assert.Equal(expected, best.Select(TokenRank.Token));
        Assert.Equal(expected.Select(i => values[i]), best.Select(TokenRank.Value));
    });

    [Fact]
    public void Choose_TemperatureZero_IsTheMostProbable() => s_logits.Sample(logits =>
        Assert.Equal(Array.IndexOf(logits, logits.Max()), Choose(logits, new(), 1)[0]));

    [Fact]
    public void Choose_AnySettings_IsInTheSetThatTheDefinitionAllows() =>
        Gen.Select(s_logits, Gen.Float[0.2f, 2], Gen.Int[0, 40], Gen.Float[0.05f, 1], Gen.OneOf(Gen.Const(0f), Gen.Float[0, 0.5f]), Gen.Long).Sample((logits, temperature, k, p, min, seed) =>
        {
            var settings = new SamplingSettings { Temperature = temperature, TopK = k == 0 ? null : k, TopP = p, MinP = min, Seed = seed };
            var allowed = Distribution(logits, settings);
            Assert.All(Choose(logits, settings, 20), t => Assert.Contains(t, allowed.Keys));
        });

    [Theory]
    [InlineData(1, null, 1, 0)]
    [InlineData(0.7, 5, 1, 0)]
    [InlineData(1.5, null, 0.8, 0)]
    [InlineData(1, 6, 0.7, 0)]
    [InlineData(1, null, 1, 0.3)]
    [InlineData(1.5, null, 0.9, 0.1)]
    [InlineData(1, 7, 1, 0.2)]
    public void Choose_ManyTimes_HasTheFrequenciesOfTheDefinition(double temperature, int? k, double p, double min)
    {
        const int Count = 20_000;
        float[] logits = [.. Enumerable.Range(0, 600).Select(i => i % 60 == 7 ? 3f - (i / 200f) : -4f)];
        var settings = new SamplingSettings { Temperature = (float)temperature, TopK = k, TopP = (float)p, MinP = (float)min, Seed = 42 };
        var expected = Distribution(logits, settings);

        var seen = Choose(logits, settings, Count).CountBy(t => t).ToDictionary();

        // Five standard deviations of a binomial count.
        Assert.All(expected, e => Assert.Equal(e.Value * Count, seen.GetValueOrDefault(e.Key), 1 + (5 * Math.Sqrt(Count * e.Value))));
        Assert.Empty(seen.Keys.Except(expected.Keys));
    }

    [Fact]
    public void Choose_EqualSeeds_GivesEqualTokens() => Gen.Select(s_logits, Gen.Long).Sample((logits, seed) =>
    {
        var settings = new SamplingSettings { Temperature = 1.3f, TopP = 0.95f, Seed = seed };
        Assert.Equal(Choose(logits, settings, 10), Choose(logits, settings, 10));
    });

    [Fact]
    public void Choose_Penalties_LowerWhatWasChosen()
    {
        float[] logits = [1, 2, 1.9f];

        Assert.Equal([1, 2, 1, 2, 0], Choose(logits, new() { FrequencyPenalty = 0.5f }, 5));
        Assert.Equal([1, 2, 1, 1], Choose(logits, new() { PresencePenalty = 0.5f }, 4));
    }

    [Fact]
    public void Choose_Mask_IsAsIfTheOthersWereNotThere() =>
        Gen.Select(s_logits, Gen.UInt.Array[0, 12], Gen.OneOf(Gen.Const(0f), Gen.Float[0.5f, 1.5f]), Gen.Long).Sample((logits, mask, temperature, seed) =>
        {
            bool Allows(int token) => mask.Length == 0 || (token / 32 < mask.Length && (mask[token / 32] >> (token % 32) & 1) != 0);
            var expected = logits.Select((l, i) => Allows(i) ? l : float.NegativeInfinity).ToArray();
            var settings = new SamplingSettings { Temperature = temperature, TopP = 0.9f, Seed = seed };
            var sampler = new Sampler(settings, new SamplerMemory(logits.Length));

            if (expected.Max() == float.NegativeInfinity)
            {
                Assert.Contains("allows no token", Assert.Throws<InvalidOperationException>(() => sampler.Choose(logits, mask)).Message, StringComparison.Ordinal);
            }
            else
            {
                Assert.Equal(Choose(expected, settings, 1)[0], sampler.Choose(logits, mask));
            }
        });

    [Fact]
    public void Choose_LogitsThatAreNoNumbers_BlamesTheWeights() => Assert.Contains(
        "SHA256SUMS", Assert.Throws<InvalidDataException>(() => Choose([1, float.NaN, 2], new(), 1)).Message, StringComparison.Ordinal);

    [Fact]
    public void Choose_SteadyState_AllocatesNothing()
    {
        float[] logits = [.. Enumerable.Range(0, 49_152).Select(i => (float)Math.Sin(i) * 6)];
        var mask = new uint[logits.Length / 32];
        mask.AsSpan().Fill(0xFFFF00FF);
        var sampler = new Sampler(new() { Temperature = 0.8f, TopP = 0.9f, TopK = 100, Seed = 1 }, new SamplerMemory(logits.Length));
        sampler.Choose(logits, mask);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 20; i++)
        {
            sampler.Choose(logits, mask);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void LogNormaliser_AnyLogits_IsTheLogarithmOfTheSum() => Gen.Float[-30, 30].Array[1, 700].Sample(logits =>
        Assert.Equal(Math.Log(logits.Sum(l => Math.Exp(l))), new LogProbabilityReader(ChatTokenizer.Load(TestModels.Chat).Bytes).LogNormaliser(logits), 1e-4), iter: 3);

    private static int[] Choose(float[] logits, SamplingSettings settings, int count)
    {
        var sampler = new Sampler(settings, new SamplerMemory(logits.Length));
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            var token = sampler.Choose(logits);
            sampler.Accept(token);
            return token;
        })];
    }

    /// <summary>The definition, by sorting everything.</summary>
    private static Dictionary<int, double> Distribution(float[] logits, SamplingSettings settings)
    {
        var max = (double)logits.Max();
        var kept = Enumerable.Range(0, logits.Length).OrderByDescending(i => logits[i]).ThenBy(i => i).Take(settings.TopK ?? logits.Length)
            .Select(i => (Token: i, Weight: Math.Exp((logits[i] - max) / settings.Temperature))).Where(t => t.Weight > 0).ToList();
        var total = kept.Sum(t => t.Weight);
        var nucleus = new List<(int Token, double Weight)>();
        foreach (var token in kept)
        {
            // A hair's breadth more than p, because single precision may draw the line one token later.
            if (nucleus.Sum(t => t.Weight) >= (settings.TopP + 1e-5) * total || token.Weight < settings.MinP - 1e-6)
            {
                break;
            }

            nucleus.Add(token);
        }

        var sum = nucleus.Sum(t => t.Weight);
        return nucleus.ToDictionary(t => t.Token, t => t.Weight / sum);
    }
}
