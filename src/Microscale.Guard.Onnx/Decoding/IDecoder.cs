namespace Microscale.Guard.Onnx;

/// <summary>A model that several sequences can be run on, as the scheduler sees it.</summary>
/// <remarks>Safe for concurrent callers.</remarks>
internal interface IDecoder
{
    /// <summary>Keeps the model in memory until <see cref="Exit"/>.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    void Enter();

    /// <summary>Ends one <see cref="Enter"/>.</summary>
    void Exit();

    /// <summary>Memory for sequences of this model, in the way that its layout needs. Called between <see cref="Enter"/> and
    /// <see cref="Exit"/>.</summary>
    SequenceBatch CreateBatch();
}
