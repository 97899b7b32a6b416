using System.Globalization;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Microscale.Guard.Analyzers;

/// <summary>Whether a text can mention one of some names: most files do not, and need no look at their syntax.</summary>
/// <remarks>Goes by the hashes of words, comments and strings among them, so it says yes too often and never no wrongly.</remarks>
internal sealed class NameFilter
{
    private const int Size = 2_048;

    [ThreadStatic]
    private static char[]? t_buffer;

    private readonly HashSet<int> _hashes = [];

    public NameFilter(IEnumerable<string> names) => _hashes.UnionWith(names.Select(n => n.Aggregate(0, Add)));

    public bool MayMention(SourceText text)
    {
        var buffer = t_buffer ??= new char[Size];
        var hash = 0;
        var last = '\0';
        for (var start = 0; start < text.Length; start += Size)
        {
            var count = Math.Min(Size, text.Length - start);
            text.CopyTo(start, buffer, 0, count);
            for (var i = 0; i < count; i++)
            {
                var c = buffer[i];
                if (IsSpelledOtherwise(last, c))
                {
                    return true;
                }

                if (SyntaxFacts.IsIdentifierPartCharacter(c))
                {
                    hash = Add(hash, c);
                }
                else if (hash != 0)
                {
                    if (_hashes.Contains(hash))
                    {
                        return true;
                    }

                    hash = 0;
                }

                last = c;
            }
        }

        return _hashes.Contains(hash);
    }

    /// <summary>Whether a name may have an escape in it, or a character that the compiler leaves out.</summary>
    private static bool IsSpelledOtherwise(char last, char c) =>
        (last == '\\' && c is ('u' or 'U')) || (c > '\x7f' && char.GetUnicodeCategory(c) == UnicodeCategory.Format);

    private static int Add(int hash, char c) => unchecked((hash * 31) + c);
}
