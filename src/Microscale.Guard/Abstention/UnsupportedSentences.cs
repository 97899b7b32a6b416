using System.Text;

namespace Microscale.Guard;

/// <summary>Takes the sentences out of an answer that hold a claim which was not supported.</summary>
internal static class UnsupportedSentences
{
    /// <summary>What is left; null when nothing supported is left, or when nothing is to be taken out. Whether what is left can
    /// stand alone has to be verified again: a sentence may have rested on one before it.</summary>
    public static string? Remove(string answer, IReadOnlyList<ClaimVerdict> verdicts)
    {
        var (kept, isCut, isSupported) = (new StringBuilder(), false, false);
        foreach (var range in Sentences.Split(answer))
        {
            var (start, length) = range.GetOffsetAndLength(answer.Length);
            var here = verdicts.Where(v => v.Claim.Start < start + length && v.Claim.End > start).ToList();
            if (here.Exists(v => v.Verdict != Verdict.Supported))
            {
                isCut = true;
            }
            else
            {
                isSupported |= here.Count > 0;
                kept.Append(answer, start, length);
            }
        }

        return isCut && isSupported ? kept.ToString().Trim() : null;
    }
}
