using System.Buffers;
using System.Text;

namespace Microscale.Guard.Onnx;

/// <summary>Turns text into the token ids of a chat model with BPE, and ids into bytes.</summary>
/// <remarks>Safe for concurrent callers.</remarks>
internal sealed class ChatTokenizer
{
    private readonly TokenizerFile _file;
    private readonly BytePairEncoder _encoder;
    private readonly string _folder;

    /// <summary>The added tokens by their first character, the longest first.</summary>
    private readonly Dictionary<char, AddedToken[]> _added;

    private readonly SearchValues<char> _firstOfAdded;

    private ChatTokenizer(TokenizerFile file, BytePairEncoder encoder, string folder)
    {
        (_file, _encoder, _folder) = (file, encoder, folder);
        _added = file.AddedTokens.Where(t => t.Content.Length > 0).GroupBy(t => t.Content[0])
            .ToDictionary(g => g.Key, g => g.OrderByDescending(t => t.Content.Length).ToArray());
        _firstOfAdded = SearchValues.Create([.. _added.Keys]);
        Bytes = new TokenBytes(file);
    }

    /// <summary>The bytes of each token.</summary>
    public TokenBytes Bytes { get; }

    /// <inheritdoc cref="TokenizerFile.StripsFirstBlank"/>
    public bool StripsFirstBlank => _file.StripsFirstBlank;

    /// <summary>Reads tokenizer.json from a model folder.</summary>
    /// <inheritdoc cref="TokenizerFile.Read(ModelFolder)" path="/exception"/>
    public static ChatTokenizer Load(ModelFolder folder)
    {
        var file = TokenizerFile.Read(folder);
        try
        {
            return new(file, new BytePairEncoder(file), folder.Path);
        }
        catch (FormatException exception)
        {
            throw ModelFolderException.For(folder.Path, [], [TokenizerFile.FileName], $"; it cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>The id of a token that was added to the vocabulary, or null.</summary>
    public int? FindToken(string name) => _file.AddedTokens.Find(t => t.Content == name)?.Id;

    /// <summary>The id of a control token.</summary>
    /// <exception cref="ModelFolderException">The model has no such token.</exception>
    public int SpecialToken(string name) =>
        _file.AddedTokens.Find(t => t.IsSpecial && t.Content == name)?.Id
            ?? throw ModelFolderException.For(_folder, [], [TokenizerFile.FileName], $"; it has no control token '{name}'");

    /// <summary>The tokens of a text. The names of control tokens in it are plain text.</summary>
    public IReadOnlyList<int> Encode(string text) => Encode(TemplateText.FromData(text));

    /// <summary>The tokens of a text in which the names of control tokens stand for these: never for text of a user.</summary>
    public IReadOnlyList<int> EncodeTrusted(string text) => Encode(TemplateText.FromTemplate(text));

    /// <summary>The tokens of a text. What the template wrote may become control tokens; the rest stays text, whatever it says.</summary>
    public List<int> Encode(TemplateText text)
    {
        var ids = new List<int>();
        var start = 0;
        while (FindAdded(text, start) is { } found)
        {
            var (at, token) = found;
            var before = token.StripsLeft ? text.Value.AsSpan(start, at - start).TrimEnd().Length + start : at;
            EncodePlain(text.Value[start..before], start == 0, ids);
            ids.Add(token.Id);
            start = at + token.Content.Length;
            while (token.StripsRight && start < text.Length && char.IsWhiteSpace(text.Value[start]))
            {
                start++;
            }
        }

        EncodePlain(text.Value[start..], start == 0, ids);
        return ids;
    }

    /// <summary>The text of some tokens, control tokens left out.</summary>
    public string Decode(IEnumerable<int> tokens) =>
        Encoding.UTF8.GetString([.. tokens.Where(t => !Bytes.IsSpecial(t)).SelectMany(t => Bytes[t].ToArray())]);

    private void EncodePlain(string text, bool isFirst, List<int> ids)
    {
        if (text.Length > 0)
        {
            foreach (var piece in _file.Split(_file.Normalize(text), isFirst))
            {
                _encoder.Encode(piece, ids);
            }
        }
    }

    /// <summary>The first added token from a place on, the longest where several begin.</summary>
    private (int At, AddedToken Token)? FindAdded(TemplateText text, int start)
    {
        var value = text.Value;
        for (var at = start; at < value.Length; at++)
        {
            var skipped = value.AsSpan(at).IndexOfAny(_firstOfAdded);
            if (skipped < 0)
            {
                return null;
            }

            at += skipped;
            foreach (var token in _added[value[at]])
            {
                if (string.CompareOrdinal(value, at, token.Content, 0, token.Content.Length) == 0
                    && (token.IsHarmless || text.IsFromTemplate(at, token.Content.Length))
                    && (!token.IsWord || IsWord(value, at, token.Content.Length)))
                {
                    return (at, token);
                }
            }
        }

        return null;
    }

    private static bool IsWord(string text, int at, int length) =>
        !(at > 0 && IsWordCharacter(text[at - 1])) && !(at + length < text.Length && IsWordCharacter(text[at + length]));

    private static bool IsWordCharacter(char c) => char.IsLetterOrDigit(c) || c == '_';
}
