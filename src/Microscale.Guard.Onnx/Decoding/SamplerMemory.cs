namespace Microscale.Guard.Onnx;

/// <summary>Scratch memory for choosing a token, made once for all sequences of an engine.</summary>
/// <remarks>Not safe for concurrent callers.</remarks>
internal sealed class SamplerMemory(int vocabularySize)
{
    private ulong[] _ranks = [];
    private float[] _weights = [];
    private float[] _logits = [];

    public Span<ulong> Ranks => Of(ref _ranks);

    public Span<float> Weights => Of(ref _weights);

    /// <summary>For a changed copy of the model's logits.</summary>
    public Span<float> Logits => Of(ref _logits);

    private Span<T> Of<T>(ref T[] array)
    {
        if (array.Length == 0)
        {
            array = new T[vocabularySize];
        }

        return array;
    }
}
