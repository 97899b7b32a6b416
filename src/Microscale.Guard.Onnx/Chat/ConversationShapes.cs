namespace Microscale.Guard.Onnx;

/// <summary>Other ways to write a conversation that a template refuses: many want user and assistant in turn, some know no system
/// messages.</summary>
internal static class ConversationShapes
{
    private static readonly TemplateText s_blankLine = TemplateText.FromData("\n\n");

    /// <summary>Joins messages of one role in a row.</summary>
    public static List<ConversationTurn> Join(IEnumerable<ConversationTurn> turns)
    {
        var joined = new List<ConversationTurn>();
        foreach (var turn in turns)
        {
            if (joined.Count > 0 && joined[^1] is { ToolCalls.Count: 0 } last && last.Role == turn.Role && turn is { Role: not ConversationTurn.Tool, ToolCalls.Count: 0 })
            {
                joined[^1] = last with { Content = last.Content + s_blankLine + turn.Content };
            }
            else
            {
                joined.Add(turn);
            }
        }

        return joined;
    }

    /// <summary>Puts all system messages before the text of the first user message; makes one where there is none.</summary>
    public static List<ConversationTurn> JoinSystemToUser(IReadOnlyList<ConversationTurn> turns)
    {
        var system = turns.Where(t => t.Role == ConversationTurn.System).Select(t => t with { Role = ConversationTurn.User });
        var others = turns.Where(t => t.Role != ConversationTurn.System);
        return Join(system.Concat(others));
    }
}
