using System.Text;
using System.Text.Json;

namespace Microscale.Guard.Grammar;

/// <summary>Gives a grammar a way out: a text is either an answer of the grammar, or says that the answer is not known, and why. So
/// abstaining is something that a constrained model can say, and how likely it is where the two ways part is a confidence score
/// of its own. Immutable and safe for concurrent callers.</summary>
/// <remarks>The texts are JSON: <c>{"answer": …}</c> or <c>{"unknown": "the reason"}</c>. An answer of a grammar that is not JSON is
/// written as a JSON string.</remarks>
public sealed class AnswerOrAbstain
{
    private const string AnswerName = "answer";
    private const string UnknownName = "unknown";

    private static readonly byte[] s_answer = Encoding.UTF8.GetBytes($"{{\"{AnswerName}\": ");
    private static readonly byte[] s_unknown = Encoding.UTF8.GetBytes($"{{\"{UnknownName}\": ");

    private readonly bool _isJson;

    private AnswerOrAbstain(GrammarDefinition definition, bool isJson)
    {
        Definition = definition;
        _isJson = isJson;
    }

    /// <summary>The grammar of both kinds of texts.</summary>
    public GrammarDefinition Definition { get; }

    /// <summary>Wraps a grammar whose texts are JSON values.</summary>
    /// <param name="answer">The grammar of answers.</param>
    /// <param name="options">What a reason may be; null for the defaults.</param>
    public static AnswerOrAbstain ForJson(GrammarDefinition answer, AnswerOrAbstainOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return Create(answer.Build, options, isJson: true);
    }

    /// <summary>Wraps a choice of texts.</summary>
    /// <param name="choices">The answers, as plain text.</param>
    /// <param name="options">What a reason may be; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no choice.</exception>
    public static AnswerOrAbstain ForChoices(IEnumerable<string> choices, AnswerOrAbstainOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(choices);
        var texts = choices.ToArray();
        if (texts.Length == 0)
        {
            throw new ArgumentException("A choice needs at least one text.", nameof(choices));
        }

        return Create(builder => Quoted(builder, builder.Regexes.Literals(texts)), options, isJson: false);
    }

    /// <summary>Wraps a regular expression.</summary>
    /// <param name="pattern">The expression that answers match as a whole; see <see cref="GrammarDefinition.FromRegex"/>.</param>
    /// <param name="options">What a reason may be; null for the defaults.</param>
    /// <exception cref="GrammarSyntaxException">The expression is wrong, or is not supported.</exception>
    public static AnswerOrAbstain ForRegex(string pattern, AnswerOrAbstainOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        var syntax = RegexParser.Parse(pattern);
        return Create(builder => Quoted(builder, RegexCompiler.Compile(builder.Regexes, syntax, RegexMatch.Whole)), options, isJson: false);
    }

    /// <summary>The point where answering and abstaining part, if the next token decides between them.</summary>
    /// <param name="matcher">A matcher of <see cref="Definition"/>, before any token or after some.</param>
    /// <returns>The tokens of either way; null when the way is decided, or when no token that may come next decides it.</returns>
    public static AbstentionBranch? BranchAt(GrammarMatcher matcher)
    {
        ArgumentNullException.ThrowIfNull(matcher);
        var text = matcher.Beginning(Math.Max(s_answer.Length, s_unknown.Length));
        if (!CanBegin(text, s_answer) || !CanBegin(text, s_unknown))
        {
            return null;
        }

        var vocabulary = matcher.Grammar.Vocabulary;
        var allowed = matcher.AllowedTokens();
        var (answer, unknown) = (new uint[allowed.Length], new uint[allowed.Length]);
        var decides = false;
        for (var token = 0; token < vocabulary.Count; token++)
        {
            if ((allowed[token >> 5] >> token & 1) == 0)
            {
                continue;
            }

            byte[] next = [.. text, .. vocabulary[token].Span];
            var (canAnswer, canAbstain) = (CanBegin(next, s_answer), CanBegin(next, s_unknown));
            if (canAnswer != canAbstain)
            {
                (canAnswer ? answer : unknown)[token >> 5] |= 1u << token;
                decides = true;
            }
        }

        return decides ? new AbstentionBranch(answer, unknown) : null;
    }

    /// <summary>A scorer for answers that are constrained to such a grammar: how probable answering was, of answering and abstaining, at
    /// the token where the two ways part. Not calibrated.</summary>
    /// <remarks>A model that scores continuations, as the local one does, is asked for both ways; otherwise the alternatives of that
    /// token are read (<see cref="ConfidenceOptions.TopAlternatives"/>). Safe for concurrent callers.</remarks>
    public static IConfidenceScorer CreateScorer() => new AnswerOrAbstainScorer($"{{\"{AnswerName}", $"{{\"{UnknownName}");

    /// <summary>Reads a finished text.</summary>
    /// <param name="text">A text of <see cref="Definition"/>.</param>
    /// <exception cref="FormatException">It is not such a text.</exception>
    public AbstainableAnswer Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        try
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty(UnknownName, out var reason) && reason.ValueKind == JsonValueKind.String)
            {
                return new AbstainableAnswer(null, reason.GetString());
            }

            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty(AnswerName, out var answer) && (_isJson || answer.ValueKind == JsonValueKind.String))
            {
                return new AbstainableAnswer(_isJson ? answer.GetRawText() : answer.GetString(), null);
            }
        }
        catch (JsonException e)
        {
            throw new FormatException("The text is not complete: it is neither an answer nor an abstention.", e);
        }

        throw new FormatException("The text is neither an answer nor an abstention.");
    }

    private static AnswerOrAbstain Create(Func<GrammarBuilder, GrammarNode> answer, AnswerOrAbstainOptions? options, bool isJson)
    {
        var reason = (options ?? new AnswerOrAbstainOptions()).Reason();
        return new AnswerOrAbstain(
            new GrammarDefinition(builder => builder.Choice(
                builder.Sequence(builder.Terminal(builder.Regexes.Literal(s_answer)), answer(builder), builder.Literal("}")),
                builder.Sequence(builder.Terminal(builder.Regexes.Literal(s_unknown)), Quoted(builder, reason(builder.Regexes)), builder.Literal("}")))),
            isJson);
    }

    private static GrammarNode Quoted(GrammarBuilder builder, RegexNode text) =>
        builder.Terminal(builder.Regexes.Concat(builder.Regexes.Literal("\""), builder.Regexes.JsonEscaped(text), builder.Regexes.Literal("\"")));

    /// <summary>Whether a text begins with a prefix, or may still come to.</summary>
    private static bool CanBegin(ReadOnlySpan<byte> text, ReadOnlySpan<byte> prefix) =>
        text.StartsWith(prefix) || prefix.StartsWith(text);
}
