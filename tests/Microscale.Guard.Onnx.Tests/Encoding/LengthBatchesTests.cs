using CsCheck;

namespace Microscale.Guard.Onnx.Tests.Encoders;

public sealed class LengthBatchesTests
{
    [Fact]
    public void Plan_AnyRows_HoldsEachOnceInBatchesOfLikeLength()
    {
        Gen.Select(Gen.Int[1, 320].Select(n => new int[n]).Array[0, 60], Gen.Int[1, 20]).Sample((rows, size) =>
        {
            var batches = LengthBatches.Plan(rows, size).ToArray();
            Assert.Equal(Enumerable.Range(0, rows.Length), batches.SelectMany(b => b).Order());
            Assert.All(batches, batch =>
            {
                Assert.InRange(batch.Count, 1, size);
                Assert.True(rows[batch[^1]].Length == batch.Max(i => rows[i].Length));
                Assert.True(rows[batch[^1]].Length <= (batch.Min(i => rows[i].Length) * 1.5) + 8);
            });
        });
    }
}
