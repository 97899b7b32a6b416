namespace Microscale.Guard.Grammar;

/// <summary>Finds whether languages are empty by searching their derivatives, and remembers what it found.</summary>
internal sealed class RegexEmptiness(RegexBuilder builder, Fuel fuel)
{
    /// <summary>The classes of the whole grammar, once it is known; before that each question makes its own.</summary>
    public ByteClasses? Classes { get; set; }

    public bool IsEmpty(RegexNode node) => !IsLive(node);

    /// <summary>Whether a string is in the language.</summary>
    public bool IsLive(RegexNode node) => Known(node) ?? Search(node);

    private static bool? Known(RegexNode node)
    {
        if (node.Nullable)
        {
            return true;
        }

        return node.MayBeEmpty ? node.IsLive : node.Kind != RegexKind.Empty;
    }

    private bool Search(RegexNode node)
    {
        var representatives = (Classes ?? ByteClasses.Of([node])).Representatives;
        var visited = new HashSet<RegexNode> { node };
        var path = new Stack<(RegexNode Node, int Next)>();
        path.Push((node, 0));
        while (path.TryPop(out var top))
        {
            var (at, next) = top;
            var first = at.First;
            while (next < representatives.Length && !first.Contains(representatives[next]))
            {
                next++;
            }

            if (next == representatives.Length)
            {
                continue;
            }

            fuel.Spend(1);
            path.Push((at, next + 1));
            var derived = builder.Derive(at, representatives[next]);
            switch (Known(derived))
            {
                case true:
                    foreach (var (live, _) in path)
                    {
                        live.IsLive = true;
                    }

                    return true;
                case null when visited.Add(derived):
                    path.Push((derived, 0));
                    break;
            }
        }

        foreach (var dead in visited)
        {
            dead.IsLive = false;
        }

        return false;
    }
}
