using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Microscale.Guard.Onnx.Tests.Decoding;

/// <summary>Writes a message in the format of Protocol Buffers.</summary>
internal sealed class ProtobufWriter
{
    private readonly List<byte> _bytes = [];

    public byte[] ToArray() => [.. _bytes];

    public ProtobufWriter Number(int field, long value)
    {
        Varint((ulong)(field << 3));
        Varint((ulong)value);
        return this;
    }

    public ProtobufWriter Float(int field, float value)
    {
        Varint((ulong)((field << 3) | 5));
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        _bytes.AddRange(bytes);
        return this;
    }

    public ProtobufWriter Bytes(int field, ReadOnlySpan<byte> value)
    {
        Varint((ulong)((field << 3) | 2));
        Varint((ulong)value.Length);
        _bytes.AddRange(value);
        return this;
    }

    public ProtobufWriter Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public ProtobufWriter Message(int field, ProtobufWriter value) => Bytes(field, value.ToArray());

    private void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            _bytes.Add((byte)(value | 0x80));
        }

        _bytes.Add((byte)value);
    }
}

/// <summary>Builds a graph of ONNX; each operator gives the name of its output.</summary>
internal sealed class OnnxGraph
{
    public const int Float = 1;
    public const int Int32 = 6;
    public const int Int64 = 7;
    public const int Bool = 9;
    public const int Float16 = 10;

    private readonly ProtobufWriter _graph = new ProtobufWriter().Text(2, "tiny");
    private int _names;

    /// <summary>A model file of the graph.</summary>
    public byte[] ToModel() => new ProtobufWriter()
        .Number(1, 8)
        .Text(2, "test")
        .Message(7, _graph)
        .Message(8, new ProtobufWriter().Text(1, "").Number(2, 17))
        .Message(8, new ProtobufWriter().Text(1, "com.microsoft").Number(2, 1))
        .ToArray();

    public string Input(string name, int type, params object[] shape)
    {
        _graph.Message(11, ValueInfo(name, type, shape));
        return name;
    }

    public void Output(string name, int type, params object[] shape) => _graph.Message(12, ValueInfo(name, type, shape));

    public string Constant(float[] values, params long[] shape) => Constant(Float, MemoryMarshal.AsBytes<float>(values), shape);

    public string Constant(long[] values, params long[] shape) => Constant(Int64, MemoryMarshal.AsBytes<long>(values), shape);

    /// <summary>An input that has a value where nobody gives one.</summary>
    public void Default(string name, long value) => _graph.Message(5, Tensor(name, Int64, MemoryMarshal.AsBytes<long>([value]), []));

    public string Op(string type, string[] inputs, params (string Name, object Value)[] attributes) => Ops(type, "", inputs, 1, attributes)[0];

    public string[] Ops(string type, string domain, string[] inputs, int outputs, params (string Name, object Value)[] attributes)
    {
        string[] names = [.. Enumerable.Range(0, outputs).Select(_ => NewName())];
        Add(type, domain, inputs, names, attributes);
        return names;
    }

    /// <summary>Gives a value another name, such as that of an output.</summary>
    public void Rename(string value, string name) => Add("Identity", "", [value], [name]);

    /// <summary>One of two values, computed in branches of their own.</summary>
    public string If(string condition, Func<OnnxGraph, string> then, Func<OnnxGraph, string> otherwise, int type, params object[] shape)
    {
        return Op("If", [condition], ("then_branch", Branch(then)), ("else_branch", Branch(otherwise)));

        OnnxGraph Branch(Func<OnnxGraph, string> build)
        {
            var branch = new OnnxGraph { _names = _names + 1000 };
            _names += 2000;
            branch.Output(build(branch), type, shape);
            return branch;
        }
    }

    private void Add(string type, string domain, string[] inputs, string[] outputs, params (string Name, object Value)[] attributes)
    {
        var node = new ProtobufWriter();
        Array.ForEach(inputs, i => node.Text(1, i));
        Array.ForEach(outputs, o => node.Text(2, o));
        node.Text(3, outputs[0] + "_node").Text(4, type);
        Array.ForEach(attributes, a => node.Message(5, Attribute(a.Name, a.Value)));
        _graph.Message(1, node.Text(7, domain));
    }

    private string Constant(int type, ReadOnlySpan<byte> data, long[] shape)
    {
        var name = NewName();
        _graph.Message(5, Tensor(name, type, data, shape));
        return name;
    }

    private string NewName() => $"v{_names++}";

    private static ProtobufWriter Tensor(string name, int type, ReadOnlySpan<byte> data, long[] shape)
    {
        var tensor = new ProtobufWriter();
        Array.ForEach(shape, d => tensor.Number(1, d));
        return tensor.Number(2, type).Text(8, name).Bytes(9, data);
    }

    private static ProtobufWriter Attribute(string name, object value)
    {
        var attribute = new ProtobufWriter().Text(1, name);
        switch (value)
        {
            case float f:
                return attribute.Float(2, f).Number(20, 1);
            case long l:
                return attribute.Number(3, l).Number(20, 2);
            case long[] list:
                Array.ForEach(list, l => attribute.Number(8, l));
                return attribute.Number(20, 7);
            case OnnxGraph graph:
                return attribute.Message(6, graph._graph).Number(20, 5);
            default:
                throw new ArgumentException(name);
        }
    }

    private static ProtobufWriter ValueInfo(string name, int type, object[] shape)
    {
        var dimensions = new ProtobufWriter();
        foreach (var size in shape)
        {
            dimensions.Message(1, size is string text ? new ProtobufWriter().Text(2, text) : new ProtobufWriter().Number(1, Convert.ToInt64(size)));
        }

        var tensor = new ProtobufWriter().Number(1, type).Message(2, dimensions);
        return new ProtobufWriter().Text(1, name).Message(2, new ProtobufWriter().Message(1, tensor));
    }
}
