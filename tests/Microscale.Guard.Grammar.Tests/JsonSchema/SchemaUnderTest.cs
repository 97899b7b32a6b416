using System.Text;
using System.Text.Json;

namespace Microscale.Guard.Grammar.Tests;

/// <summary>A compiled schema over a vocabulary of single bytes, so that a text is walked byte by byte.</summary>
internal sealed class SchemaUnderTest
{
    private const int End = 256;
    private static readonly TokenVocabulary s_bytes =
        new([.. Enumerable.Range(0, 256).Select(b => (ReadOnlyMemory<byte>)new[] { (byte)b }), ReadOnlyMemory<byte>.Empty], [End]);

    private readonly JsonSchemaGrammar _grammar;
    private readonly JsonElement _schema;
    private readonly JsonSchemaGrammarOptions _options;

    public SchemaUnderTest(string schema, JsonSchemaGrammarOptions? options = null)
        : this(JsonDocument.Parse(schema).RootElement, options)
    {
    }

    public SchemaUnderTest(JsonElement schema, JsonSchemaGrammarOptions? options = null)
    {
        _schema = schema;
        _options = options ?? new JsonSchemaGrammarOptions();
        _grammar = JsonSchemaGrammar.Compile(schema, s_bytes, _options);
    }

    public IReadOnlyList<string> Warnings => _grammar.Warnings;

    /// <summary>Whether the grammar writes a text. Each byte has to be in the mask exactly when it is accepted.</summary>
    public bool Accepts(string text)
    {
        var matcher = _grammar.Grammar.CreateMatcher();
        return Encoding.UTF8.GetBytes(text).All(value => matcher.TryAccept(value)) && matcher.IsAccepting;
    }

    /// <summary>Draws a text from the masks; null where it does not end soon.</summary>
    public string? Draw(IReadOnlyList<int> choices)
    {
        var matcher = _grammar.Grammar.CreateMatcher();
        var text = new List<byte>();
        for (int i = 0; i < 400; i++)
        {
            var mask = matcher.AllowedTokens();
            var allowed = new List<int>();
            for (int token = 0; token <= End; token++)
            {
                if ((mask[token >> 5] >> token & 1) != 0) allowed.Add(token);
            }

            Assert.NotEmpty(allowed);
            // After the choices the text is brought to an end: quotes and closing brackets first.
            int next = i < choices.Count
                ? allowed[(int)((uint)choices[i] % allowed.Count)]
                : new[] { End, '"', ']', '}' }.FirstOrDefault(allowed.Contains, allowed[0]);
            if (next == End) return Encoding.UTF8.GetString([.. text]);
            Assert.True(matcher.TryAccept(next));
            text.Add((byte)next);
        }

        return null;
    }

    /// <summary>Whether the grammar writes a value, whatever the order of its properties.</summary>
    public bool AcceptsValue(JsonElement value) => JsonSchemaEvaluation.Spellings(_schema, _options)(value).Any(Accepts);
}
