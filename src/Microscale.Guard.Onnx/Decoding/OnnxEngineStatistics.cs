namespace Microscale.Guard.Onnx;

/// <summary>What the engine of an <see cref="OnnxChatClient"/> has done since it was created, and what it has to do now.</summary>
/// <remarks>A snapshot; immutable. The figures are taken one after the other, so they need not fit together exactly while
/// requests run.</remarks>
public sealed record OnnxEngineStatistics
{
    /// <summary>Answers that are in the making; each sample counts.</summary>
    public int RunningSequences { get; init; }

    /// <summary>Requests that wait for a place.</summary>
    public int QueuedRequests { get; init; }

    /// <summary>Runs of the model in which each running answer read its next token.</summary>
    public long DecodeSteps { get; init; }

    /// <summary>Those of them that were computed without ONNX Runtime (<see cref="OnnxChatClientOptions.DirectSteps"/>).</summary>
    public long DirectDecodeSteps { get; init; }

    /// <summary>Why the graph cannot be stepped without ONNX Runtime; <see langword="null"/> where it can, where it is not wanted,
    /// and before the model is loaded.</summary>
    public string? DirectStepsFault { get; init; }

    /// <summary>Tokens that were read in these runs; over <see cref="DecodeSteps"/>, it is the mean number of answers in a run.</summary>
    public long DecodedTokens { get; init; }

    /// <summary>Tokens of all prompts; a prompt that several samples share counts once.</summary>
    public long PromptTokens { get; init; }

    /// <summary>Those of them that did not have to be read, because the prefix cache knew them.</summary>
    public long CachedPromptTokens { get; init; }

    /// <summary>Bytes of keys and values in the prefix cache.</summary>
    public long PrefixCacheBytes { get; init; }

    /// <summary>Blocks of tokens that the prefix cache dropped to make room.</summary>
    public long PrefixCacheEvictions { get; init; }
}
