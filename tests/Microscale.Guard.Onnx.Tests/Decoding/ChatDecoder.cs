using Microscale.Guard.Onnx.Tests.Models;

namespace Microscale.Guard.Onnx.Tests.Decoding;

/// <summary>The decoder of the chat model, loaded once for the tests of a class.</summary>
public sealed class ChatDecoder : IDisposable
{
    internal DecoderModel Model { get; } = Load();

    internal static DecoderModel Load(bool directSteps = true)
    {
        var model = new DecoderModel(TestModels.Chat, threadCount: null, allowSpinning: false, directSteps);
        model.Load();
        return model;
    }

    public void Dispose() => Model.Dispose();
}
