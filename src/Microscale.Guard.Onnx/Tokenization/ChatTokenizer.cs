using System.Text;
using Microsoft.ML.Tokenizers;

namespace Microscale.Guard.Onnx;

/// <summary>Turns text into the token ids of a chat model with byte-level BPE, and ids into bytes.</summary>
/// <remarks>Safe for concurrent callers.</remarks>
internal sealed class ChatTokenizer
{
    private readonly BpeTokenizer _bpe;
    private readonly Dictionary<string, int> _special;

    private readonly string _folder;

    private ChatTokenizer(TokenizerFile file, string folder)
    {
        _folder = folder;

        // No special tokens are given to the tokenizer, so that no text can become one; the template adds them by id.
        _bpe = BpeTokenizer.Create(new BpeOptions(file.Vocabulary)
        {
            Merges = file.Merges,
            ByteLevel = true,
            PreTokenizer = new ByteLevelPreTokenizer(),
        });
        _special = file.SpecialTokens;
        Bytes = new TokenBytes(file);
    }

    /// <summary>The bytes of each token.</summary>
    public TokenBytes Bytes { get; }

    /// <summary>Reads tokenizer.json from a model folder.</summary>
    /// <inheritdoc cref="TokenizerFile.Read(ModelFolder)" path="/exception"/>
    public static ChatTokenizer Load(ModelFolder folder) => new(TokenizerFile.Read(folder), folder.Path);

    /// <summary>The id of a control token.</summary>
    /// <exception cref="ModelFolderException">The model has no such token.</exception>
    public int SpecialToken(string name) =>
        _special.TryGetValue(name, out var id)
            ? id
            : throw ModelFolderException.For(_folder, [], [TokenizerFile.FileName], $"; it has no token '{name}': use a chat model whose template is ChatML");

    /// <summary>The tokens of a text. The names of control tokens in it are plain text.</summary>
    public IReadOnlyList<int> Encode(string text) => text.Length == 0 ? [] : _bpe.EncodeToIds(text);

    /// <summary>The tokens of a text in which the names of control tokens stand for these: never for text of a user.</summary>
    public IReadOnlyList<int> EncodeTrusted(string text)
    {
        var ids = new List<int>();
        while (text.Length > 0)
        {
            var (name, at) = (_special.Keys.Select(k => (Name: k, At: text.IndexOf(k, StringComparison.Ordinal))).Where(s => s.At >= 0)
                .OrderBy(s => s.At).ThenByDescending(s => s.Name.Length).FirstOrDefault(("", text.Length)));
            ids.AddRange(Encode(text[..at]));
            if (name.Length > 0)
            {
                ids.Add(_special[name]);
            }

            text = text[(at + name.Length)..];
        }

        return ids;
    }

    /// <summary>The text of some tokens, control tokens left out.</summary>
    public string Decode(IEnumerable<int> tokens) =>
        Encoding.UTF8.GetString([.. tokens.Where(t => !Bytes.IsSpecial(t)).SelectMany(t => Bytes[t].ToArray())]);
}
