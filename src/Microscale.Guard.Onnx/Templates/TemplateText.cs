using System.Text;

namespace Microscale.Guard.Onnx;

/// <summary>A text that knows of each character whether the template wrote it or whether it came from data, such as a message.</summary>
/// <remarks>Only what the template wrote may become a control token. Immutable; equal when the characters are.</remarks>
internal sealed class TemplateText : IEquatable<TemplateText>
{
    private const char TemplateMark = 't';
    private const char DataMark = 'd';

    private TemplateText(string value, string marks)
    {
        Value = value;
        Marks = marks;
    }

    public static TemplateText Empty { get; } = new("", "");

    public string Value { get; }

    public int Length => Value.Length;

    /// <summary>A mark for each character.</summary>
    private string Marks { get; }

    public static TemplateText operator +(TemplateText left, TemplateText right) =>
        left.Length == 0 ? right : right.Length == 0 ? left : new(left.Value + right.Value, left.Marks + right.Marks);

    /// <summary>A text of the template.</summary>
    public static TemplateText FromTemplate(string value) => new(value, new string(TemplateMark, value.Length));

    /// <summary>A text that must stay text.</summary>
    public static TemplateText FromData(string value) => new(value, new string(DataMark, value.Length));

    /// <summary>Whether all of a part is the template's.</summary>
    public bool IsFromTemplate(int start, int length) => !Marks.AsSpan(start, length).Contains(DataMark);

    public TemplateText Slice(int start, int length) => length == Length ? this : new(Value.Substring(start, length), Marks.Substring(start, length));

    public TemplateText Slice(int start) => Slice(start, Length - start);

    /// <summary>Other characters in the place of these, as many of them, of the same origin.</summary>
    public TemplateText Map(Func<string, string> map) =>
        map(Value) is var value && value.Length == Length ? new(value, Marks) : FromData(value);

    public bool Equals(TemplateText? other) => other is not null && Value == other.Value;

    public override bool Equals(object? obj) => Equals(obj as TemplateText);

    public override int GetHashCode() => Value.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Value;

    /// <summary>Makes a text of parts.</summary>
    public sealed class Builder
    {
        private readonly StringBuilder _value = new();
        private readonly StringBuilder _marks = new();

        public int Length => _value.Length;

        public Builder Append(TemplateText text)
        {
            _value.Append(text.Value);
            _marks.Append(text.Marks);
            return this;
        }

        public TemplateText Build() => new(_value.ToString(), _marks.ToString());
    }
}
