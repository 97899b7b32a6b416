namespace Microscale.Guard.Onnx;

/// <summary>What a sequence needs next.</summary>
internal enum SequenceState
{
    /// <summary>To read more of what is known in advance.</summary>
    Reading,

    /// <summary>To read its chosen tokens, one a step.</summary>
    Stepping,

    /// <summary>Nothing.</summary>
    Done,
}
