using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Microscale.Guard.Onnx;

/// <summary>The keys and values of one sequence: for each layer two tensors [1, heads, capacity, head size], which the model
/// reads as its past and writes as its present.</summary>
/// <remarks>Rows beyond the sequence are ignored by the model, so nothing is cleared when a sequence is cut short.</remarks>
internal sealed class KeyValueBuffers : IDisposable
{
    private readonly OrtValue[] _tensors;
    private readonly DecoderConfig _config;

    public KeyValueBuffers(DecoderConfig config, int capacity)
    {
        _config = config;
        Capacity = capacity;
        _tensors = new OrtValue[2 * config.Layers];
        long[] shape = [1, config.KeyValueHeads, capacity, config.HeadSize];
        for (var i = 0; i < _tensors.Length; i++)
        {
            _tensors[i] = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, TensorElementType.Float, shape);
            _tensors[i].GetTensorMutableDataAsSpan<float>().Clear();
        }
    }

    /// <summary>How many tokens fit.</summary>
    public int Capacity { get; }

    /// <summary>Copies the first <paramref name="length"/> tokens of a smaller set of buffers.</summary>
    public void CopyFrom(KeyValueBuffers other, int length)
    {
        var count = length * _config.HeadSize;
        for (var i = 0; i < _tensors.Length; i++)
        {
            var from = other._tensors[i].GetTensorDataAsSpan<float>();
            var to = _tensors[i].GetTensorMutableDataAsSpan<float>();
            for (var head = 0; head < _config.KeyValueHeads; head++)
            {
                from.Slice(head * other.Capacity * _config.HeadSize, count).CopyTo(to[(head * Capacity * _config.HeadSize)..]);
            }
        }
    }

    /// <summary>Makes them past and present of the runs with a binding.</summary>
    public void Bind(OrtIoBinding binding, DecoderModel model)
    {
        for (var i = 0; i < _tensors.Length; i++)
        {
            binding.BindInput(model.PastNames[i], _tensors[i]);
            binding.BindOutput(model.PresentNames[i], _tensors[i]);
        }
    }

    public void Dispose()
    {
        foreach (var tensor in _tensors)
        {
            tensor?.Dispose();
        }
    }
}
