using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Microscale.Guard.Onnx;

/// <summary>An input or output of a graph: its name, and the type of its numbers.</summary>
internal readonly record struct GraphTensor(string Name, TensorElementType Type);

/// <summary>The inputs and outputs of a decoder, as they are in the graph. Both common exports have the same ones in varying
/// number: Hugging Face optimum (and transformers.js) and the model builder of onnxruntime-genai.</summary>
internal sealed record DecoderLayout
{
    private const string UseCacheName = "use_cache_branch";
    private const string PositionsName = "position_ids";
    private const string GroupQueryAttention = "GroupQueryAttention";

    /// <summary>The ways to name keys and values.</summary>
    private static readonly (string Past, string Present)[] s_keyValueNames =
    [
        ("past_key_values.%d.key", "present.%d.key"),
        ("past_key_values.%d.key", "present_key_values.%d.key"),
        ("past.%d.key", "present.%d.key"),
        ("past_key_%d", "present_key_%d"),
    ];

    public required GraphTensor Ids { get; init; }

    /// <summary>Ones for the tokens of past and present; null where the graph counts them by itself.</summary>
    public GraphTensor? Mask { get; init; }

    /// <summary>The places of the tokens; null where the graph counts them by itself.</summary>
    public GraphTensor? Positions { get; init; }

    /// <summary>Whether there is a past, in graphs that were merged from one without and one with it.</summary>
    public GraphTensor? UseCache { get; init; }

    /// <summary>For how many of the last tokens logits are wanted; null where the graph does not ask.</summary>
    public GraphTensor? LogitsToKeep { get; init; }

    public required GraphTensor Logits { get; init; }

    /// <summary>The inputs that hold keys and values, keys before values, layer by layer.</summary>
    public required IReadOnlyList<string> PastNames { get; init; }

    /// <summary>The outputs that hold keys and values, in the same order.</summary>
    public required IReadOnlyList<string> PresentNames { get; init; }

    /// <summary>Single precision or half.</summary>
    public required TensorElementType KeyValueType { get; init; }

    /// <summary>Whether keys and values may be read and written in one buffer, and a run has all the inputs and outputs of this
    /// quick way.</summary>
    public required bool SharesBuffer { get; init; }

    /// <summary>Finds the inputs and outputs of a session.</summary>
    /// <param name="session">The session.</param>
    /// <param name="config">The model's shapes; heads and their size are taken from the graph where it says them.</param>
    /// <param name="file">The file of the graph.</param>
    /// <returns>The layout and the shapes.</returns>
    /// <exception cref="FormatException">The graph is no decoder, or has an input that is unknown; the message says which.</exception>
    public static (DecoderLayout Layout, DecoderConfig Config) Read(InferenceSession session, DecoderConfig config, string file)
    {
        var names = config.GraphNames;
        var inputs = session.InputMetadata.Concat(session.OverridableInitializerMetadata).ToDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal);
        var (past, present) = s_keyValueNames.Prepend((names.PastKey, names.PresentKey))
            .FirstOrDefault(n => inputs.ContainsKey(Name(n.Item1, 0)) && session.OutputMetadata.ContainsKey(Name(n.Item2, 0)));
        var layers = past is null ? 0 : Enumerable.Range(0, int.MaxValue).TakeWhile(i => inputs.ContainsKey(Name(past, i))).Count();
        List<string> pastNames = past is null ? [] : Names(past, layers);
        List<string> presentNames = past is null ? [] : Names(present!, layers);
        string[] quick = [DecoderModel.IdsName, DecoderModel.MaskName, DecoderModel.LogitsName];
        string[] known = [names.Ids, names.Mask, PositionsName, UseCacheName, DecoderModel.LogitsToKeepName, .. pastNames];
        List<string> missing =
        [
            .. pastNames.Prepend(names.Ids).Except(inputs.Keys),
            .. presentNames.Prepend(names.Logits).Except(session.OutputMetadata.Keys),
        ];
        var unknown = session.InputNames.Except(known).ToList();
        if (layers == 0 || layers != config.Layers || missing.Count + unknown.Count > 0)
        {
            throw new FormatException(Describe(layers, config.Layers, missing, unknown));
        }

        var keys = inputs[pastNames[0]];
        var layout = new DecoderLayout
        {
            Ids = Integers(names.Ids)!.Value,
            Mask = Integers(names.Mask),
            Positions = Integers(PositionsName),
            UseCache = Find(UseCacheName),
            LogitsToKeep = Integers(DecoderModel.LogitsToKeepName),
            Logits = Floats(names.Logits, session.OutputMetadata[names.Logits]),
            PastNames = pastNames,
            PresentNames = presentNames,
            KeyValueType = Floats(pastNames[0], keys).Type,
            SharesBuffer = false,
        };
        var sized = config with
        {
            KeyValueHeads = Dimension(keys, 1) ?? config.KeyValueHeads,
            HeadSize = Dimension(keys, 3) ?? config.HeadSize,
            VocabularySize = Dimension(session.OutputMetadata[names.Logits], 2) ?? config.VocabularySize,
        };
        var isQuick = quick.SequenceEqual([names.Ids, names.Mask, names.Logits], StringComparer.Ordinal)
            && layout is { Ids.Type: TensorElementType.Int64, Mask.Type: TensorElementType.Int64, Positions: null, UseCache: null, LogitsToKeep.Type: TensorElementType.Int64 }
            && layout is { KeyValueType: TensorElementType.Float, Logits.Type: TensorElementType.Float }
            && Holds(file, GroupQueryAttention);
        return (layout with { SharesBuffer = isQuick }, sized);

        GraphTensor? Find(string name) => inputs.TryGetValue(name, out var metadata) ? new(name, metadata.ElementDataType) : null;

        GraphTensor? Integers(string name) => Find(name) is not { } tensor ? null
            : tensor.Type is TensorElementType.Int64 or TensorElementType.Int32 ? tensor
            : throw new FormatException($"the input '{name}' is of type {tensor.Type}, not int64 or int32");
    }

    private static string Describe(int layers, int expected, List<string> missing, List<string> unknown)
    {
        var fault = unknown.Contains("inputs_embeds") ? "it takes 'inputs_embeds' in place of tokens: use an export of the whole text model, not of a part"
            : layers == 0 ? "it has no inputs for keys and values (past_key_values.0.key and so on): export it with past keys and values (text-generation-with-past)"
            : unknown.Count > 0 ? $"its inputs [{string.Join(", ", unknown)}] are unknown: export it as a plain text model"
            : missing.Count > 0 ? $"it lacks [{string.Join(", ", missing)}]"
            : string.Create(CultureInfo.InvariantCulture, $"it has {layers} layers, and the configuration says {expected}: take both from one model");
        return fault;
    }

    private static GraphTensor Floats(string name, NodeMetadata metadata) =>
        metadata.ElementDataType is TensorElementType.Float or TensorElementType.Float16 ? new(name, metadata.ElementDataType)
        : throw new FormatException($"'{name}' is of type {metadata.ElementDataType}, not float32 or float16: export the model with one of these");

    private static int? Dimension(NodeMetadata metadata, int index) =>
        metadata.Dimensions.Length > index && metadata.Dimensions[index] is > 0 and var size ? size : null;

    private static List<string> Names(string keyPattern, int layers)
    {
        // "past_key_values.%d.key" has the word twice.
        var at = keyPattern.LastIndexOf("key", StringComparison.Ordinal);
        var valuePattern = at < 0 ? keyPattern : keyPattern[..at] + "value" + keyPattern[(at + 3)..];
        return [.. Enumerable.Range(0, layers).SelectMany(i => (string[])[Name(keyPattern, i), Name(valuePattern, i)])];
    }

    private static string Name(string pattern, int layer) => pattern.Replace("%d", layer.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    /// <summary>Whether the file of a graph names an operator. The runtime does not tell the operators of a graph.</summary>
    private static bool Holds(string file, string text)
    {
        var sought = System.Text.Encoding.ASCII.GetBytes(text);
        using var stream = File.OpenRead(file);
        var buffer = new byte[1 << 20];
        var kept = 0;
        int read;
        while ((read = stream.Read(buffer, kept, buffer.Length - kept)) > 0)
        {
            var filled = buffer.AsSpan(0, kept + read);
            if (filled.IndexOf(sought) >= 0)
            {
                return true;
            }

            kept = Math.Min(sought.Length - 1, filled.Length);
            filled[^kept..].CopyTo(buffer);
        }

        return false;
    }
}
