using System.Text.Json;

namespace Microscale.Guard.Evaluation;

/// <summary>Pairs by which a model is trained to abstain where it would be wrong, and to answer where it would be right.</summary>
/// <remarks>Direct preference optimisation (Rafailov et al. 2023, arXiv 2305.18290) of such pairs is one way to teach refusals by a model's own
/// knowledge (Zhang et al. 2024, "R-Tuning", arXiv 2311.09677; Yang et al. 2023, "Alignment for honesty", arXiv 2312.07000). Known
/// answers that the model did not give are never preferred: they would teach it to state what it does not know.</remarks>
public sealed class PreferenceSet
{
    private PreferenceSet(IReadOnlyList<PreferencePair> pairs) => Pairs = pairs;

    /// <summary>The pairs.</summary>
    public IReadOnlyList<PreferencePair> Pairs { get; }

    /// <summary>How many pairs prefer an abstention to a wrong answer.</summary>
    public int Abstentions { get; private init; }

    /// <summary>How many pairs prefer a right answer to an abstention.</summary>
    public int Answers => Pairs.Count - Abstentions;

    /// <summary>How many entries have no label.</summary>
    public int Unlabelled { get; private init; }

    /// <summary>How many entries abstained and did not keep the answer that was withheld.</summary>
    public int WithoutDraft { get; private init; }

    /// <summary>How many entries the model itself refused to answer: there is nothing to compare.</summary>
    public int Refused { get; private init; }

    /// <summary>How many entries made a pair that was there already, or one too many that prefers an abstention.</summary>
    public int LeftOut { get; private init; }

    /// <summary>Makes pairs of a log.</summary>
    /// <param name="entries">The entries, labelled (see <see cref="PreferenceLabels"/>); those without a label are left out.</param>
    /// <param name="options">How pairs are made; null for the defaults.</param>
    /// <exception cref="ArgumentException">The options cannot be.</exception>
    public static PreferenceSet Create(IEnumerable<GuardLogEntry> entries, PreferenceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(entries);
        options ??= new();
        ArgumentException.ThrowIfNullOrWhiteSpace(options.AbstentionText, nameof(PreferenceOptions.AbstentionText));
        if (options.MaxAbstentionShare is not (> 0 and <= 1))
        {
            throw new ArgumentException($"{nameof(PreferenceOptions)}.{nameof(PreferenceOptions.MaxAbstentionShare)} is {options.MaxAbstentionShare}: set it above 0 and at most 1.", nameof(options));
        }

        var (abstentions, answers) = (new List<PreferencePair>(), new List<PreferencePair>());
        var (unlabelled, withoutDraft, refused, leftOut) = (0, 0, 0, 0);
        var seen = new HashSet<(string Prompt, string Answer, bool Correct)>();
        foreach (var entry in entries)
        {
            if (entry.Answer is not { Length: > 0 } answer)
            {
                withoutDraft++;
            }
            else if (ClaimSplitter.Split(answer, entry.Question).Count == 0)
            {
                refused++;
            }
            else if (entry.Correct is not { } isCorrect)
            {
                unlabelled++;
            }
            else if (!seen.Add((string.Join('\n', entry.Messages), answer, isCorrect)))
            {
                leftOut++;
            }
            else if (!isCorrect)
            {
                abstentions.Add(new(entry.Messages, Reply(AbstentionOf(entry, options)), Reply(answer)));
            }
            else if (options.IncludeAnswers)
            {
                answers.Add(new(entry.Messages, Reply(answer), Reply(AbstentionOf(entry, options))));
            }
        }

        var surplus = options.MaxAbstentionShare < 1
            ? Math.Max(0, abstentions.Count - (int)(answers.Count * options.MaxAbstentionShare / (1 - options.MaxAbstentionShare)))
            : 0;
        RemoveAtRandom(abstentions, surplus, options.Seed);
        return new([.. abstentions, .. answers])
        {
            Abstentions = abstentions.Count,
            Unlabelled = unlabelled,
            WithoutDraft = withoutDraft,
            Refused = refused,
            LeftOut = leftOut + surplus,
        };
    }

    /// <summary>Writes the pairs as JSON lines.</summary>
    /// <param name="stream">Where to; it is left open.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    public async Task WriteAsync(Stream stream, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        foreach (var pair in Pairs)
        {
            await JsonSerializer.SerializeAsync(stream, pair, PreferenceJsonContext.Default.PreferencePair, cancellationToken);
            await stream.WriteAsync("\n"u8.ToArray(), cancellationToken);
        }
    }

    /// <summary>The words of the guard's own abstention, which are in the user's language; the options' where it did not abstain.</summary>
    private static string AbstentionOf(GuardLogEntry entry, PreferenceOptions options) =>
        entry.Decision == GuardDecision.Abstained && !string.IsNullOrWhiteSpace(entry.Text) ? entry.Text : options.AbstentionText;

    private static PreferenceMessage[] Reply(string text) => [new("assistant", text)];

    private static void RemoveAtRandom(List<PreferencePair> pairs, int count, long seed)
    {
        var random = new ResamplingRandom(seed, stream: 0);
        for (var i = 0; i < count; i++)
        {
            pairs.RemoveAt(random.Below(pairs.Count));
        }
    }
}
