using System.Buffers;
using System.Collections.Frozen;
using Microsoft.Extensions.AI;

namespace Microscale.Guard;

/// <summary>Words a search so that it stands alone: "When was she born?" finds nothing without the turn before it.</summary>
/// <remarks>By rule, for English: a question leans on what was said when it holds a pronoun of the third person, or names nothing.
/// It is then searched together with the question before it and the first sentence of the answer to that, which often has the name.</remarks>
internal static class ConversationQuery
{
    /// <summary>How many turns back a chain of leaning questions is followed.</summary>
    private const int Depth = 3;

    /// <summary>The most of an answer that is searched for, in UTF-16 units.</summary>
    private const int LongestAnswer = 200;

    private static readonly SearchValues<char> Separators = SearchValues.Create(" \t\n\r?!.,;:\"()'’");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Pronouns =
        "he him his himself she her hers herself it its itself they them their theirs themselves this these those one ones former latter"
        .Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    public static string Write(IReadOnlyList<ChatMessage> messages)
    {
        List<string>? parts = null;
        var end = messages.Count;
        for (var depth = 0; depth < Depth; depth++)
        {
            var turn = LastTurn(messages, end, ChatRole.User);
            if (turn < 0)
            {
                break;
            }

            var question = Conversation.OwnText(messages[turn]);
            if (!LeansOnContext(question) && parts is null)
            {
                return question;
            }

            parts ??= [];
            parts.Insert(0, question);
            if (!LeansOnContext(question))
            {
                break;
            }

            if (LastTurn(messages, turn, ChatRole.Assistant) is >= 0 and var answer && LastTurn(messages, turn, ChatRole.User) < answer)
            {
                parts.Insert(0, FirstSentence(Conversation.OwnText(messages[answer])));
            }

            end = turn;
        }

        return string.Join('\n', parts ?? []);
    }

    /// <summary>Whether a question cannot be understood alone.</summary>
    internal static bool LeansOnContext(string question)
    {
        var (words, isNamed) = (0, false);
        foreach (var range in question.AsSpan().SplitAny(Separators))
        {
            var word = question.AsSpan()[range];
            if (word.IsEmpty)
            {
                continue;
            }

            if (Pronouns.Contains(word))
            {
                return true;
            }

            isNamed |= char.IsDigit(word[0]) || (words > 0 && char.IsUpper(word[0]) && !FunctionWords.Contains(word.ToString().ToLowerInvariant()));
            words++;
        }

        var terms = SearchTerms.Count(question);
        return terms == 0 || (terms == 1 && words > 1 && !isNamed);
    }

    private static int LastTurn(IReadOnlyList<ChatMessage> messages, int before, ChatRole role)
    {
        for (var i = before - 1; i >= 0; i--)
        {
            if (messages[i].Role == role && Conversation.OwnText(messages[i]).Length > 0)
            {
                return i;
            }
        }

        return -1;
    }

    private static string FirstSentence(string text)
    {
        var sentence = text[Sentences.Split(text, LongestAnswer)[0]];
        return sentence.Trim();
    }
}
