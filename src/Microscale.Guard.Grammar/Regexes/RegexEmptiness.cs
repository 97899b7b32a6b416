namespace Microscale.Guard.Grammar;

/// <summary>Finds whether languages are empty by searching their derivatives, and remembers what it found.</summary>
internal sealed class RegexEmptiness(RegexBuilder builder, Fuel fuel)
{
    /// <summary>The classes of the whole grammar, once it is known; before that each question makes its own.</summary>
    public ByteClasses? Classes { get; set; }

    public bool IsEmpty(RegexNode node) => !IsLive(node);

    /// <summary>Whether a string is in the language.</summary>
    public bool IsLive(RegexNode node)
    {
        if (Known(node) is { } known)
        {
            return known;
        }

        RecursionGuard.Check();
        var live = node.Kind switch
        {
            RegexKind.Concat => IsLive(node.Left!) && IsLive(node.Right!),
            RegexKind.Or => node.Children.Any(IsLive),
            RegexKind.Repeat => IsLive(node.Left!),
            RegexKind.JsonEscaped when node.EscapeState == JsonEscapes.Body => IsLive(node.Left!),
            // Only of these the parts do not tell; a search through a long text would visit every length that it may have.
            _ => Search(node),
        };
        node.IsLive = live;
        return live;
    }

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
