using Microscale.Guard.Onnx.Tests.Models;

namespace Microscale.Guard.Onnx.Tests.Decoding;

public sealed class SharedBufferBatchTests : IClassFixture<ChatDecoder>, IDisposable
{
    private readonly int[] _tokens = [.. Enumerable.Range(0, 560).Select(i => 100 + (i * 37 % 40_000))];
    private readonly ChatDecoder _decoder;
    private readonly SharedBufferBatch _batch;

    public SharedBufferBatchTests(ChatDecoder decoder)
    {
        _decoder = decoder;
        _batch = new SharedBufferBatch(decoder.Model);
        _batch.AddRow();
    }

    public void Dispose() => _batch.Dispose();

    [Fact]
    public void Read_LongerThanTheSlab_GrowsItAndKeepsWhatWasRead()
    {
        var logits = ReadLong(_batch, 0, _tokens, chunk: 128);
        Assert.Equal(1024, _batch.Capacity);
        Assert.Equal(560, _batch.Length(0));

        using var other = new SharedBufferBatch(_decoder.Model);
        other.AddRow();
        AssertSame(logits, ReadLong(other, 0, _tokens, chunk: 100));
    }

    [Fact]
    public void Truncate_ThenReadAgain_IsAsIfNothingHadBeenThere()
    {
        _batch.Read(0, _tokens.AsSpan(100, 80));
        _batch.Truncate(0, 0);
        _batch.Read(0, _tokens.AsSpan(0, 20));
        _batch.Read(0, _tokens.AsSpan(300, 30));
        _batch.Truncate(0, 20);

        var logits = _batch.Read(0, _tokens.AsSpan(20, 10)).ToArray();

        AssertSame(Fresh(_tokens.AsSpan(0, 30)), logits);
    }

    [Fact]
    public void Step_SeveralRowsOfDifferentLength_GivesEachWhatItGetsAlone()
    {
        _batch.AddRow();
        _batch.AddRow();
        int[] lengths = [30, 41, 17];
        for (var row = 0; row < lengths.Length; row++)
        {
            _batch.Read(row, _tokens.AsSpan(row * 50, lengths[row]));
        }

        _batch.Step([7, 8, 9]);
        _batch.Step([17, 18]);

        for (var row = 0; row < 2; row++)
        {
            using var alone = new SharedBufferBatch(_decoder.Model);
            alone.AddRow();
            alone.Read(0, _tokens.AsSpan(row * 50, lengths[row]));
            alone.Step([7 + row]);
            alone.Step([17 + row]);
            AssertSame(alone.Logits(0).ToArray(), _batch.Logits(row).ToArray());
        }

        Assert.Equal([32, 43, 18], Enumerable.Range(0, 3).Select(_batch.Length));
    }

    [Fact]
    public void CopySwapExportImport_Rows_ReadOnAsTheirTokensWould()
    {
        _batch.AddRow();
        _batch.AddRow();
        _batch.Read(0, _tokens.AsSpan(0, 40));
        _batch.Read(1, _tokens.AsSpan(200, 25));
        _batch.CopyRow(0, 2);
        _batch.SwapRows(0, 1);
        var block = new float[32 * _batch.KeyValuesPerToken];
        _batch.Export(2, 0, 20, block, 0);
        _batch.Export(2, 20, 12, block, 20);
        _batch.AddRow();
        _batch.Import(3, block, 30);

        AssertSame(Fresh([.. _tokens[200..225], 5, 6]), _batch.Read(0, [5, 6]).ToArray());
        AssertSame(Fresh([.. _tokens[..40], 5, 6]), _batch.Read(1, [5, 6]).ToArray());
        AssertSame(Fresh([.. _tokens[..40], 7, 8]), _batch.Read(2, [7, 8]).ToArray());
        AssertSame(Fresh([.. _tokens[..30], 7, 8]), _batch.Read(3, [7, 8]).ToArray());
    }

    [Fact]
    public void RemoveLastRow_ThenAddOne_IsEmpty()
    {
        _batch.Read(0, _tokens.AsSpan(0, 40));
        _batch.RemoveLastRow();
        _batch.AddRow();

        Assert.Equal(0, _batch.Length(0));
        AssertSame(Fresh([5, 6]), _batch.Read(0, [5, 6]).ToArray());
    }

    [Fact]
    public void Step_SteadyState_AllocatesNothing()
    {
        _batch.AddRow();
        _batch.Read(0, _tokens.AsSpan(0, 20));
        _batch.Read(1, _tokens.AsSpan(0, 25));
        var tokens = new int[2];
        _batch.Step(tokens);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10; i++)
        {
            tokens[0] = 102 + i;
            _batch.Step(tokens);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static float[] ReadLong(SharedBufferBatch batch, int row, ReadOnlySpan<int> tokens, int chunk)
    {
        float[] logits = [];
        for (; !tokens.IsEmpty; tokens = tokens[Math.Min(chunk, tokens.Length)..])
        {
            logits = batch.Read(row, tokens[..Math.Min(chunk, tokens.Length)]).ToArray();
        }

        return logits;
    }

    private float[] Fresh(ReadOnlySpan<int> tokens)
    {
        using var batch = new SharedBufferBatch(_decoder.Model);
        batch.AddRow();
        return batch.Read(0, tokens).ToArray();
    }

    /// <summary>Chunks of several tokens and runs of several rows compute each token alike, bit by bit where this was measured;
    /// another machine's kernels may round otherwise, which 8-bit layers make hundredths.</summary>
    private static void AssertSame(float[] expected, float[] actual)
    {
        var difference = expected.Zip(actual, (e, a) => Math.Abs(e - a)).Max();
        Assert.True(difference < 0.5f, $"{difference}");
        Assert.Equal(Array.IndexOf(expected, expected.Max()), Array.IndexOf(actual, actual.Max()));
    }
}
