using System.Text;

namespace Microscale.Guard.Onnx;

/// <summary>An operator of a graph.</summary>
/// <param name="Operator">Its type.</param>
/// <param name="Inputs">The names of its inputs; empty for one that is left out.</param>
/// <param name="Outputs">The names of its outputs, likewise.</param>
/// <param name="Attributes">Those that are one number.</param>
internal sealed record OnnxNode(
    string Operator, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, IReadOnlyDictionary<string, double> Attributes)
{
    public double Attribute(string name, double otherwise) => Attributes.GetValueOrDefault(name, otherwise);
}

/// <summary>A constant of a graph: its bytes are in the file itself, or in a part of another file.</summary>
internal sealed record OnnxTensor(string Name, IReadOnlyList<long> Shape, int Type, ReadOnlyMemory<byte> Bytes, string? Location, long Offset)
{
    public const int FloatType = 1;
    public const int ByteType = 2;

    public long Count => Shape.Aggregate(1L, (a, b) => a * b);
}

/// <summary>The operators and constants of an ONNX file, as far as <see cref="DirectGraph"/> looks at them. The runtime does not
/// tell them.</summary>
/// <remarks>Field numbers: onnx/onnx.proto, IR version 8 and others.</remarks>
internal sealed class OnnxGraphFile
{
    private readonly Dictionary<string, OnnxTensor> _tensors = new(StringComparer.Ordinal);

    private OnnxGraphFile(string path) => Folder = Path.GetDirectoryName(path)!;

    /// <summary>Where files that the constants name are.</summary>
    public string Folder { get; }

    public List<OnnxNode> Nodes { get; } = [];

    public IReadOnlyDictionary<string, OnnxTensor> Tensors => _tensors;

    /// <exception cref="FormatException">The file is damaged.</exception>
    public static OnnxGraphFile Read(string path)
    {
        var file = new OnnxGraphFile(path);
        foreach (var field in new ProtobufFields(File.ReadAllBytes(path)))
        {
            if (field.Number == 7)
            {
                file.ReadGraph(field.Bytes);
            }
        }

        return file;
    }

    private void ReadGraph(ReadOnlyMemory<byte> graph)
    {
        foreach (var field in new ProtobufFields(graph))
        {
            if (field.Number == 1)
            {
                Nodes.Add(ReadNode(field.Bytes));
            }
            else if (field.Number == 5)
            {
                var tensor = ReadTensor(field.Bytes);
                _tensors[tensor.Name] = tensor;
            }
        }
    }

    private static OnnxNode ReadNode(ReadOnlyMemory<byte> node)
    {
        var (type, inputs, outputs, attributes) = ("", new List<string>(), new List<string>(), new Dictionary<string, double>(StringComparer.Ordinal));
        foreach (var field in new ProtobufFields(node))
        {
            switch (field.Number)
            {
                case 1:
                    inputs.Add(Text(field));
                    break;
                case 2:
                    outputs.Add(Text(field));
                    break;
                case 4:
                    type = Text(field);
                    break;
                case 5:
                    ReadAttribute(field.Bytes, attributes);
                    break;
                default:
                    break;
            }
        }

        return new OnnxNode(type, inputs, outputs, attributes);
    }

    private static void ReadAttribute(ReadOnlyMemory<byte> attribute, Dictionary<string, double> attributes)
    {
        var (name, value) = ("", (double?)null);
        foreach (var field in new ProtobufFields(attribute))
        {
            (name, value) = field.Number switch
            {
                1 => (Text(field), value),
                2 => (name, BitConverter.UInt32BitsToSingle((uint)field.Value)),
                3 => (name, (long)field.Value),
                _ => (name, value),
            };
        }

        if (value is { } number)
        {
            attributes[name] = number;
        }
    }

    private static OnnxTensor ReadTensor(ReadOnlyMemory<byte> tensor)
    {
        var result = new OnnxTensor("", [], 0, default, null, 0);
        var shape = new List<long>();
        foreach (var field in new ProtobufFields(tensor))
        {
            switch (field.Number)
            {
                case 1:
                    shape.AddRange(field.Numbers());
                    break;
                case 2:
                    result = result with { Type = (int)field.Value };
                    break;
                case 8:
                    result = result with { Name = Text(field) };
                    break;
                case 9:
                    result = result with { Bytes = field.Bytes };
                    break;
                case 13:
                    result = ReadLocation(result, field.Bytes);
                    break;
                default:
                    break;
            }
        }

        return result with { Shape = shape };
    }

    private static OnnxTensor ReadLocation(OnnxTensor tensor, ReadOnlyMemory<byte> entry)
    {
        var (key, value) = ("", "");
        foreach (var field in new ProtobufFields(entry))
        {
            (key, value) = field.Number == 1 ? (Text(field), value) : (key, Text(field));
        }

        return key switch
        {
            "location" => tensor with { Location = value },
            "offset" => tensor with { Offset = long.Parse(value, System.Globalization.CultureInfo.InvariantCulture) },
            _ => tensor,
        };
    }

    private static string Text(ProtobufField field) => Encoding.UTF8.GetString(field.Bytes.Span);
}
