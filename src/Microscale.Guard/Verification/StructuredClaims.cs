using System.Text;
using System.Text.Json;

namespace Microscale.Guard;

/// <summary>Finds the claims of an answer in JSON: each value with its name.</summary>
/// <remarks>"birthYear": 1902 claims "birth year: 1902"; within an object its name comes first ("author birth year: 1902"). The
/// question goes before it, as with any fragment. A string of sentences claims each of them. What is null or empty claims
/// nothing. A claim's span is that of its value. What is no JSON is split as prose.</remarks>
internal static class StructuredClaims
{
    /// <summary>The claims of a whole answer.</summary>
    public static IReadOnlyList<Claim> Split(string answer, string question, int maxSentenceLength = SentenceSegmenter.DefaultMaxLength)
    {
        try
        {
            return Read(answer, question, maxSentenceLength);
        }
        catch (JsonException)
        {
            return ClaimSplitter.Split(answer, question, maxSentenceLength);
        }
    }

    private static List<Claim> Read(string answer, string question, int maxSentenceLength)
    {
        var utf8 = Encoding.UTF8.GetBytes(answer);
        var essence = ClaimText.Essence(question);
        var claims = new List<Claim>();
        var names = new Stack<string>();
        var name = "";
        var (bytes, chars) = (0, 0);
        var reader = new Utf8JsonReader(utf8);
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    name = Humanize(reader.GetString()!);
                    break;
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    names.Push(name);
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    name = names.Pop();
                    break;
                case JsonTokenType.String or JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False:
                    var start = CharsTo((int)reader.TokenStartIndex);
                    var length = CharsTo((int)reader.BytesConsumed) - start;
                    Add(reader.TokenType == JsonTokenType.String ? reader.GetString()! : answer.Substring(start, length), start, length);
                    break;
            }
        }

        return claims;

        int CharsTo(int end)
        {
            chars += Encoding.UTF8.GetCharCount(utf8.AsSpan(bytes, end - bytes));
            bytes = end;
            return chars;
        }

        void Add(string value, int start, int length)
        {
            var isProse = !ClaimText.IsFragment(value);
            foreach (var text in isProse ? ClaimSplitter.Split(value, question, maxSentenceLength).Select(c => c.Text) : [value.Trim()])
            {
                if (text.Any(char.IsLetterOrDigit))
                {
                    var path = string.Join(' ', names.Reverse().Append(name).Where(n => n.Length > 0).Distinct());
                    var named = isProse || path.Length == 0 ? text : $"{path}: {text}";
                    claims.Add(new Claim(isProse || essence.Length == 0 ? named : $"{essence} {named}", start, length));
                }
            }
        }
    }

    /// <summary>"birthYear", "birth_year" and "birth-year" as words.</summary>
    private static string Humanize(string name)
    {
        var words = new StringBuilder(name.Length + 4);
        for (var i = 0; i < name.Length; i++)
        {
            var c = name[i];
            if (c is '_' or '-' or ' ')
            {
                words.Append(' ');
            }
            else if (char.IsUpper(c) && i > 0 && char.IsLower(name[i - 1]))
            {
                words.Append(' ').Append(char.ToLowerInvariant(c));
            }
            else
            {
                words.Append(c);
            }
        }

        return words.ToString().Trim();
    }
}
