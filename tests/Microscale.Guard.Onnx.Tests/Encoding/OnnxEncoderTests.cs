using Microscale.Guard.Onnx.Tests.Models;

namespace Microscale.Guard.Onnx.Tests.Encoders;

public sealed class OnnxEncoderTests
{
    private static readonly ModelFolder Folder = TestModels.Embedding;

    [Fact]
    public void Run_CancelledBetweenBatches_StopsThere()
    {
        using var encoder = Create(batchSize: 2);
        using var stop = new CancellationTokenSource();
        List<int> read = [];

        Assert.Throws<OperationCanceledException>(() => encoder.Run(
            [[101, 102], [101, 102], [101, 102], [101, 102], [101, 102]],
            (row, _) =>
            {
                read.Add(row);
                stop.Cancel();
            },
            stop.Token));

        Assert.Equal([0, 1], read);
    }

    [Fact]
    public void Run_DisposedBetweenBatches_StopsThere()
    {
        var encoder = Create(batchSize: 1);
        List<int> read = [];

        Assert.Throws<ObjectDisposedException>(() => encoder.Run(
            [[101, 102], [101, 102]],
            (row, _) =>
            {
                read.Add(row);
                encoder.Dispose();
            },
            CancellationToken.None));

        Assert.Equal([0], read);
    }

    [Fact]
    public void Load_OtherOutput_IsRefused()
    {
        using var encoder = new OnnxEncoder(Folder, new OnnxEncoderOptions(), 1, "logits", 0, typeof(OnnxEncoder));
        var exception = Assert.Throws<ModelFolderException>(encoder.Load);
        Assert.Equal(["model.onnx"], exception.WrongFiles);
    }

    private static OnnxEncoder Create(int batchSize) =>
        new(Folder, new OnnxEncoderOptions { BatchSize = batchSize }, 1, "last_hidden_state", 0, typeof(OnnxEncoder));
}
