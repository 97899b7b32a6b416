using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Microscale.Guard.Onnx;

/// <summary>The uncased WordPiece tokenizer of BERT (Devlin et al. 2019) and MPNet: clean, lower-case, strip accents, split at
/// white space, punctuation and Chinese characters, then cut each word into the longest pieces of the vocabulary.</summary>
/// <remarks>
/// Text can never become a special token: each of them holds punctuation, which is a word of its own here, and they are
/// besides not among the pieces that words are cut into. The library tokenizer (Microsoft.ML.Tokenizers) is not used because
/// it reads special tokens in text, drops emoji, and loses accented words in globalization-invariant mode.
/// Immutable and safe for concurrent callers.
/// </remarks>
internal sealed class WordPieceTokenizer
{
    /// <summary>A longer word is unknown as a whole.</summary>
    private const int MaxWordLength = 100;

    private readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _starts;
    private readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _continuations;
    private readonly Dictionary<string, int> _specials;
    private readonly int _longestPiece;
    private readonly int _unknown;

    /// <summary>Creates a tokenizer.</summary>
    /// <param name="vocabulary">The pieces; the index of each is its id.</param>
    /// <param name="specials">The pieces that text can never become.</param>
    /// <param name="unknown">The piece of words that the vocabulary cannot spell; one of <paramref name="specials"/>.</param>
    /// <exception cref="InvalidDataException">A special token is missing from the vocabulary, or a piece is there twice.</exception>
    public WordPieceTokenizer(IEnumerable<string> vocabulary, IReadOnlyCollection<string> specials, string unknown)
    {
        var starts = new Dictionary<string, int>();
        var continuations = new Dictionary<string, int>();
        _specials = [];
        var id = 0;
        foreach (var piece in vocabulary)
        {
            var (pieces, key) = specials.Contains(piece) ? (_specials, piece)
                : piece.StartsWith("##", StringComparison.Ordinal) ? (continuations, piece[2..])
                : (starts, piece);
            if (!pieces.TryAdd(key, id++))
            {
                throw new InvalidDataException($"The vocabulary holds \"{piece}\" twice, at {id}.");
            }
        }

        if (specials.Where(s => !_specials.ContainsKey(s)).ToArray() is { Length: > 0 } missing)
        {
            throw new InvalidDataException($"The vocabulary lacks {string.Join(", ", missing)}.");
        }

        _unknown = _specials[unknown];
        _longestPiece = starts.Keys.Concat(continuations.Keys).Max(p => p.Length);
        _starts = starts.ToFrozenDictionary(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        _continuations = continuations.ToFrozenDictionary(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>The id of a special token.</summary>
    public int Special(string token) => _specials[token];

    /// <summary>Appends the ids of a text, without special tokens around it.</summary>
    /// <param name="text">The text; unpaired surrogates are ignored.</param>
    /// <param name="ids">Where they go.</param>
    /// <param name="maxCount">The most ids wanted of this text; the work ends there, however long the text is.</param>
    /// <returns>Whether the whole text was encoded.</returns>
    public bool Encode(ReadOnlySpan<char> text, List<int> ids, int maxCount)
    {
        var writer = new Writer(this, ids, ids.Count + maxCount);
        foreach (var rune in text.EnumerateRunes())
        {
            if (!IsDropped(rune))
            {
                Append(writer, rune);
                if (writer.IsOver)
                {
                    break;
                }
            }
        }

        writer.EndWord();
        return !writer.IsOver;
    }

    private static void Append(Writer writer, Rune rune)
    {
        if (Rune.IsWhiteSpace(rune))
        {
            writer.EndWord();
        }
        else if (IsChinese(rune.Value))
        {
            writer.EndWord();
            CanonicalBases.Append(rune, writer, static (w, r) => w.Add(r));
            writer.EndWord();
        }
        else
        {
            CanonicalBases.Append(rune, writer, static (w, r) => w.AddOrSplit(Rune.ToLowerInvariant(r)));
        }
    }

    private static bool IsDropped(Rune rune) => rune.Value is not ('\t' or '\n' or '\r')
        && (rune == Rune.ReplacementChar
            || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse);

    private static bool IsPunctuation(Rune rune) => rune.IsAscii
        ? char.IsAscii((char)rune.Value) && (char.IsPunctuation((char)rune.Value) || char.IsSymbol((char)rune.Value))
        : Rune.IsPunctuation(rune);

    // The ranges that the models were trained with; the sixth begins at 2B920 there, and not where the Unicode block does.
    private static bool IsChinese(int value) => value
        is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF) or (>= 0x2A700 and <= 0x2B73F)
        or (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B920 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);

    /// <summary>Collects a word, and writes its pieces when it ends.</summary>
    private sealed class Writer(WordPieceTokenizer tokenizer, List<int> ids, int end)
    {
        private readonly char[] _word = new char[2 * MaxWordLength];
        private int _length;
        private int _runes;

        /// <summary>Whether there were more ids than wanted.</summary>
        public bool IsOver { get; private set; }

        public void AddOrSplit(Rune rune)
        {
            if (Rune.IsWhiteSpace(rune))
            {
                EndWord();
            }
            else if (IsPunctuation(rune))
            {
                EndWord();
                Add(rune);
                EndWord();
            }
            else
            {
                Add(rune);
            }
        }

        public void Add(Rune rune)
        {
            if (_runes++ < MaxWordLength)
            {
                _length += rune.EncodeToUtf16(_word.AsSpan(_length));
            }
        }

        public void EndWord()
        {
            if (_runes > 0 && !IsOver)
            {
                var first = ids.Count;
                if (_runes > MaxWordLength || !TryCut(_word.AsSpan(0, _length)))
                {
                    ids.RemoveRange(first, ids.Count - first);
                    ids.Add(tokenizer._unknown);
                }

                if (ids.Count > end)
                {
                    ids.RemoveRange(end, ids.Count - end);
                    IsOver = true;
                }
            }

            _length = _runes = 0;
        }

        private bool TryCut(ReadOnlySpan<char> word)
        {
            var pieces = tokenizer._starts;
            while (!word.IsEmpty)
            {
                var length = Math.Min(word.Length, tokenizer._longestPiece);
                int id;
                while (!pieces.TryGetValue(word[..length], out id))
                {
                    if (--length == 0)
                    {
                        return false;
                    }
                }

                ids.Add(id);
                word = word[length..];
                pieces = tokenizer._continuations;
            }

            return true;
        }
    }
}
