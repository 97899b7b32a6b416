using System.Runtime.CompilerServices;

namespace Microscale.Guard.Onnx;

/// <summary>How an <see cref="OnnxChatClient"/> loads and runs its model.</summary>
public sealed class OnnxChatClientOptions
{
    /// <summary>The name by which responses, metadata and telemetry call the model. Null for the name of its folder.</summary>
    /// <value>The default value is <see langword="null"/>.</value>
    public string? ModelId { get; set; }

    /// <summary>The most tokens that prompt and answer may have together; it bounds the memory of a request. Null for as many as
    /// the model was made for.</summary>
    /// <value>The default value is <see langword="null"/>.</value>
    public int? ContextLength { get; set; }

    /// <summary>The longest answer, in tokens, where a request does not set MaxOutputTokens. Null for what the model's
    /// generation_config.json says, or 512 when it says nothing.</summary>
    /// <value>The default value is <see langword="null"/>.</value>
    public int? DefaultMaxOutputTokens { get; set; }

    /// <summary>How many answers may be in the making at the same time, each with its own memory for keys and values (45 KiB a
    /// token for SmolLM2-135M, reserved in steps from 512 tokens on); further requests wait. Up to about 8, answers that overlap
    /// make good use of each run of the model.</summary>
    /// <value>The default value is 8.</value>
    public int MaxConcurrentRequests { get; set; } = 8;

    /// <summary>How many requests may wait for a place; one more is refused with a <see cref="RequestQueueFullException"/>.</summary>
    /// <value>The default value is 64.</value>
    public int MaxQueuedRequests { get; set; } = 64;

    /// <summary>The most memory, in bytes, for keys and values of earlier conversations, so that a prompt that begins as one of them
    /// is read from there on only. 0 keeps none.</summary>
    /// <value>The default value is 256 MiB, 5,800 tokens of SmolLM2-135M.</value>
    public long PrefixCacheBytes { get; set; } = 256L << 20;

    /// <summary>The threads of one run, from 1 to the number of processors.</summary>
    /// <value>The default value is <see langword="null"/>: as many as the process has physical cores.</value>
    public int? ThreadCount { get; set; }

    /// <summary>Whether threads that wait for work within a step spin in place of sleeping. It makes a step about a fifth faster
    /// on an idle machine and costs processor time on a busy one; after a step threads spin some tenths of a millisecond at most.</summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool AllowSpinning { get; set; } = true;

    /// <summary>Whether each step computes as the reading of a prompt does. There are other kernels for single tokens; they round
    /// otherwise, and layers with 8-bit activations make that some hundredths of a log-probability, now and then
    /// tenths. An exact step reads the last token again with the new one: log-probabilities then do not depend on how a text came
    /// about, at the price of steps that are slower, are never direct and cannot be shared by requests. Neither way is nearer to the
    /// model in full precision.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool ExactSteps { get; set; }

    /// <summary>Whether steps of single tokens, in which an answer is made, are computed by kernels of this library where they know
    /// the graph (8-bit decoders of the Llama kind, see docs/local-engine.md), which is faster; prompts are
    /// always read by ONNX Runtime. It takes memory for the weights a second time. Other graphs are run by ONNX Runtime alone.</summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool DirectSteps { get; set; } = true;

    /// <summary>The clock of the responses' creation times.</summary>
    /// <value>The default value is <see cref="TimeProvider.System"/>.</value>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>Checks the settings that need no model.</summary>
    /// <exception cref="ArgumentException">A setting is out of its range; the message names it and the remedy.</exception>
    internal void Validate()
    {
        Check(ModelId is null || !string.IsNullOrWhiteSpace(ModelId), ModelId, "a name, or null for the folder's name");
        Check(ContextLength is null or > 1, ContextLength, "2 or more, or null for the model's own");
        Check(DefaultMaxOutputTokens is null or > 0, DefaultMaxOutputTokens, "1 or more, or null for the model's own");
        Check(MaxConcurrentRequests > 0, MaxConcurrentRequests, "1 or more");
        Check(MaxQueuedRequests >= 0, MaxQueuedRequests, "0 (none waits) or more");
        Check(PrefixCacheBytes >= 0, PrefixCacheBytes, "0 (nothing is kept) or more");
        Check(
            ThreadCount is null || (ThreadCount > 0 && ThreadCount <= Environment.ProcessorCount),
            ThreadCount,
            FormattableString.Invariant($"from 1 to {Environment.ProcessorCount} (the processors of this machine), or null for the physical cores"));
        Check(TimeProvider is not null, TimeProvider, "a clock such as TimeProvider.System");
    }

    internal static void Check<T>(bool valid, T value, string remedy, [CallerArgumentExpression(nameof(value))] string setting = "")
    {
        if (!valid)
        {
            throw new ArgumentException(
                FormattableString.Invariant($"OnnxChatClientOptions.{setting} is {(object?)value ?? "null"}: it must be {remedy}."), setting);
        }
    }
}
