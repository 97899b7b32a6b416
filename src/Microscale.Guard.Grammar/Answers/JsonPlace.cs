using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Microscale.Guard.Grammar;

/// <summary>Says in words which value of a JSON text an index lies in.</summary>
internal static class JsonPlace
{
    /// <summary>"at $.name[2]", by the values that begin before the index.</summary>
    public static string Describe(string json, int index)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        var reader = new Utf8JsonReader(bytes);
        var limit = Encoding.UTF8.GetByteCount(json.AsSpan(0, index));
        var path = new Stack<Step>();
        var place = "$";
        while (reader.Read() && reader.TokenStartIndex <= limit)
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    path.Peek().Name = reader.GetString();
                    place = Spell(path);
                    continue;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    path.Pop();
                    place = Spell(path);
                    continue;
                default:
                    if (path.TryPeek(out var parent) && parent.IsArray)
                    {
                        parent.Index++;
                    }

                    place = Spell(path);
                    break;
            }

            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                path.Push(new Step { IsArray = reader.TokenType == JsonTokenType.StartArray });
            }
        }

        return "at " + place;
    }

    private static string Spell(Stack<Step> path) => "$" + string.Concat(path.Reverse().Select(step =>
        step.IsArray ? string.Create(CultureInfo.InvariantCulture, $"[{Math.Max(step.Index, 0)}]") : step.Name is null ? "" : "." + step.Name));

    private sealed class Step
    {
        public bool IsArray { get; init; }

        public string? Name { get; set; }

        public int Index { get; set; } = -1;
    }
}
