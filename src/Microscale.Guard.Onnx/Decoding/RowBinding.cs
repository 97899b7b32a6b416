using Microsoft.ML.OnnxRuntime;

namespace Microscale.Guard.Onnx;

/// <summary>Some rows of a slab, bound to the session once for all runs over them.</summary>
internal sealed class RowBinding : IDisposable
{
    private readonly DecoderModel _model;
    private readonly OrtIoBinding _binding;
    private readonly RunOptions _runOptions = new();
    private readonly OrtValue _mask;
    private readonly OrtValue _logits;
    private readonly OrtValue _keepLast;
    private readonly OrtValue[] _keyValues;
    private readonly long[] _ids;
    private readonly int _rows;
    private OrtValue? _boundIds;
    private int _boundLength;

    /// <param name="model">The model.</param>
    /// <param name="slab">Keys and values.</param>
    /// <param name="row">The first row.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="mask">For each row of the slab as many numbers as it has capacity.</param>
    /// <param name="ids">Holds the tokens of a run.</param>
    /// <param name="logits">Receives the logits of the rows.</param>
    public RowBinding(DecoderModel model, KeyValueSlab slab, int row, int rows, long[] mask, long[] ids, float[] logits)
    {
        (_model, _rows, _ids) = (model, rows, ids);
        _binding = model.Session.CreateIoBinding();

        // The mask is as wide as the slab; the model counts its ones, so one binding serves every length.
        _mask = Tensor(mask.AsMemory(row * slab.Capacity, rows * slab.Capacity), rows, slab.Capacity);
        _binding.BindInput(DecoderModel.MaskName, _mask);
        _logits = Tensor(logits.AsMemory(0, rows * model.Config.VocabularySize), rows, 1, model.Config.VocabularySize);
        _keepLast = OrtValue.CreateTensorValueFromMemory(new long[] { 1 }, []);
        BindLastLogits();
        _keyValues = new OrtValue[slab.Tensors];
        for (var tensor = 0; tensor < _keyValues.Length; tensor++)
        {
            // The same memory as past and as present: the model writes the new tokens behind the old ones.
            _keyValues[tensor] = slab.View(tensor, row, rows);
            _binding.BindInput(model.PastNames[tensor], _keyValues[tensor]);
            _binding.BindOutput(model.PresentNames[tensor], _keyValues[tensor]);
        }
    }

    /// <summary>Runs the model over the first of the ids.</summary>
    /// <param name="length">Ids of each row.</param>
    public void Run(int length)
    {
        if (_boundLength != length)
        {
            _boundIds?.Dispose();
            _boundIds = Tensor(_ids.AsMemory(0, _rows * length), _rows, length);
            _binding.BindInput(DecoderModel.IdsName, _boundIds);
            _boundLength = length;
        }

        _model.Session.RunWithBinding(_runOptions, _binding);
    }

    /// <summary>Runs the model over the first of the ids, and keeps the logits after each.</summary>
    /// <param name="length">Ids of each row.</param>
    /// <param name="logits">Receives the logits.</param>
    public void RunAll(int length, Memory<float> logits)
    {
        using var keep = OrtValue.CreateTensorValueFromMemory(new long[] { length }, []);
        using var output = Tensor(logits, _rows, length, _model.Config.VocabularySize);
        _binding.BindInput(DecoderModel.LogitsToKeepName, keep);
        _binding.BindOutput(DecoderModel.LogitsName, output);
        try
        {
            Run(length);
        }
        finally
        {
            BindLastLogits();
        }
    }

    public void Dispose()
    {
        _binding.Dispose();
        _runOptions.Dispose();
        _boundIds?.Dispose();
        _mask.Dispose();
        _logits.Dispose();
        _keepLast.Dispose();
        Array.ForEach(_keyValues, v => v.Dispose());
    }

    private static OrtValue Tensor<T>(Memory<T> memory, params long[] shape)
        where T : unmanaged => OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, memory, shape);

    private void BindLastLogits()
    {
        _binding.BindOutput(DecoderModel.LogitsName, _logits);
        _binding.BindInput(DecoderModel.LogitsToKeepName, _keepLast);
    }
}
