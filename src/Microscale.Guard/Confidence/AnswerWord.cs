using System.Globalization;

namespace Microscale.Guard;

/// <summary>What kind of word a word of an answer is.</summary>
internal enum AnswerWordKind
{
    /// <summary>A word that carries no meaning of its own: "the", "was".</summary>
    Function,

    /// <summary>Any other word.</summary>
    Content,

    /// <summary>A word that is capitalised within a sentence.</summary>
    Name,

    /// <summary>A word that begins with a digit.</summary>
    Number,
}

/// <summary>A word of an answer.</summary>
/// <param name="Start">The index of its first UTF-16 unit.</param>
/// <param name="Length">Its length in UTF-16 units.</param>
/// <param name="Form">The word as it is compared: lower case, no accents, no possessive, numbers without grouping and ordinal suffix.</param>
/// <param name="Kind">What it is.</param>
internal readonly record struct AnswerWord(int Start, int Length, string Form, AnswerWordKind Kind)
{
    public int End => Start + Length;

    /// <summary>The words of a text, in order: runs of letters, marks and digits, with apostrophes between letters and
    /// points, commas and colons between digits.</summary>
    public static List<AnswerWord> Find(string text)
    {
        var words = new List<AnswerWord>();
        var startsSentence = true;
        for (var i = 0; i < text.Length;)
        {
            if (!IsWordPart(text, i))
            {
                startsSentence |= text[i] is '.' or '!' or '?' or ':' or '\n';
                i++;
                continue;
            }

            var end = i + 1;
            while (end < text.Length && (IsWordPart(text, end) || Joins(text, end)))
            {
                end++;
            }

            words.Add(Create(text, i, end, startsSentence));
            startsSentence = false;
            i = end;
        }

        return words;
    }

    private static AnswerWord Create(string text, int start, int end, bool startsSentence)
    {
        var form = Diacritics.Fold(text.AsSpan()[start..end]).Replace('’', '\'');
        form = form.Length > 0 ? form : text[start..end];
        if (char.IsDigit(text[start]))
        {
            form = form.Replace(",", "", StringComparison.Ordinal);
            form = form is [.., 's', 't'] or [.., 'n', 'd'] or [.., 'r', 'd'] or [.., 't', 'h'] ? form[..^2] : form;
            return new(start, end - start, form, AnswerWordKind.Number);
        }

        form = form.EndsWith("'s", StringComparison.Ordinal) ? form[..^2] : form;
        var kind = FunctionWords.Contains(form) ? AnswerWordKind.Function
            : char.IsUpper(text[start]) && !startsSentence ? AnswerWordKind.Name
            : AnswerWordKind.Content;
        return new(start, end - start, form, kind);
    }

    private static bool IsWordPart(string text, int index) =>
        char.IsLetterOrDigit(text, index)
        || char.IsSurrogate(text[index])
        || char.GetUnicodeCategory(text[index]) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    private static bool Joins(string text, int index) =>
        index + 1 < text.Length
        && (text[index] switch
        {
            '\'' or '’' => char.IsLetter(text[index - 1]) && char.IsLetter(text[index + 1]),
            '.' or ',' or ':' => char.IsDigit(text[index - 1]) && char.IsDigit(text[index + 1]),
            _ => false,
        });
}
