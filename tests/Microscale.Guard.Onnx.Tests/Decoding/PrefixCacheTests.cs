using CsCheck;

namespace Microscale.Guard.Onnx.Tests.Decoding;

public sealed class PrefixCacheTests
{
    private const long BlockBytes = PrefixCache.BlockLength * sizeof(float);

    /// <summary>With room for everything, what is restored is the longest beginning that was ever stored.</summary>
    [Fact]
    public void Restore_AnythingStored_IsTheLongestCommonBeginning() => Gen.Int[0, 1].Array[0, 120].Array[1, 15].Sample(conversations =>
    {
        var cache = new PrefixCache(long.MaxValue);
        for (var i = 0; i < conversations.Length; i++)
        {
            var longest = conversations[..i].Max(c => (int?)c.AsSpan().CommonPrefixLength(conversations[i])) ?? 0;
            Assert.Equal(longest, Restore(cache, conversations[i]));
            Store(cache, conversations[i]);
        }
    });

    [Fact]
    public void Store_SmallBudget_IsNeverExceededAndRestoresOnlyWhatIsTrue() =>
        Gen.Select(Gen.Int[0, 2].Array[0, 150].Array[1, 20], Gen.Int[0, 6]).Sample((conversations, blocks) =>
        {
            var cache = new PrefixCache(blocks * BlockBytes);
            foreach (var conversation in conversations)
            {
                Restore(cache, conversation);
                Store(cache, conversation);
                Assert.True(cache.Bytes <= blocks * BlockBytes);

                // The beginning at least is kept: a block above is never dropped for one below.
                Assert.True(Restore(cache, conversation) >= Math.Min(conversation.Length, blocks * PrefixCache.BlockLength) || blocks == 0);
            }
        });

    [Fact]
    public void Store_BudgetSpent_DropsWhatWasUnusedForTheLongestTime()
    {
        var cache = new PrefixCache(6 * BlockBytes);
        int[] system = [.. Enumerable.Repeat(1, 64)];
        int[][] questions = [.. Enumerable.Range(2, 6).Select(i => (int[])[.. system, .. Enumerable.Repeat(i, 32)])];
        foreach (var question in questions[..4])
        {
            Store(cache, question);
        }

        Assert.Equal(96, Restore(cache, questions[0]));
        Store(cache, questions[4]);
        Store(cache, questions[5]);

        Assert.Equal(2, cache.Evictions);
        Assert.Equal([96, 64, 64, 96, 96, 96], questions.Select(q => Restore(cache, q)));
    }

    [Fact]
    public void Store_ConversationThatGoesOn_TakesNoMoreThanItsTokens()
    {
        var cache = new PrefixCache(long.MaxValue);
        int[] tokens = [.. Enumerable.Range(0, 200)];
        for (var length = 3; length <= 200; length += 7)
        {
            Store(cache, tokens[..length]);
        }

        Assert.Equal(7 * BlockBytes, cache.Bytes);
        Assert.Equal(199, Restore(cache, tokens));
    }

    private static int Restore(PrefixCache cache, int[] tokens)
    {
        using var batch = NewRow();
        var count = cache.Restore(tokens, batch, 0);
        Assert.Equal(count, batch.Length(0));
        var read = new float[count];
        batch.Export(0, 0, count, read, 0);
        Assert.Equal(tokens.Take(count).Select(t => (float)t), read);
        return count;
    }

    private static void Store(PrefixCache cache, int[] tokens)
    {
        using var batch = NewRow();
        if (tokens.Length > 0)
        {
            batch.Read(0, tokens);
        }

        cache.Store(tokens, batch, 0);
    }

    private static SequenceBatch NewRow()
    {
        var batch = new ScriptedDecoder().CreateBatch();
        batch.AddRow();
        return batch;
    }
}
