using System.Collections.Concurrent;

namespace Microscale.Guard.Grammar;

/// <summary>Masks of terminals that any grammar of a vocabulary may hold, such as the strings of JSON: what one grammar found out, the
/// next need not. Safe for concurrent callers.</summary>
internal sealed class SharedLexemeMasks
{
    private const int MaxMasks = 1024;

    private readonly ConcurrentDictionary<(RegexShape Shape, bool NeedsExits), LexemeMask> _masks = new();

    /// <summary>The mask of an expression, made if it is not known yet.</summary>
    /// <param name="rest">What remains of a terminal.</param>
    /// <param name="needsExits">Whether the places where it may end are asked for.</param>
    /// <param name="make">Makes the mask.</param>
    public LexemeMask GetOrAdd(RegexNode rest, bool needsExits, Func<LexemeMask> make)
    {
        if (RegexShape.Of(rest) is not { } shape)
        {
            return make();
        }

        if (_masks.TryGetValue((shape, needsExits), out var known))
        {
            return known;
        }

        if (_masks.Count >= MaxMasks)
        {
            _masks.Clear();
        }

        return _masks[(shape, needsExits)] = make();
    }
}
