namespace Microscale.Guard.Evaluation;

/// <summary>Known answers, by which entries of a guard log are labelled.</summary>
/// <remarks>Questions are found by their id, or else by their words as <see cref="AnswerMatching.Normalize"/> gives them. Safe for
/// concurrent callers.</remarks>
public sealed class PreferenceLabels
{
    private readonly Dictionary<string, QuestionRow> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, QuestionRow> _byQuestion = new(StringComparer.Ordinal);

    /// <summary>Creates labels.</summary>
    /// <param name="questions">Questions with their answers, such as those of
    /// <see cref="DatasetReader.ReadQuestionsAsync"/>.</param>
    public PreferenceLabels(IEnumerable<QuestionRow> questions)
    {
        ArgumentNullException.ThrowIfNull(questions);
        foreach (var row in questions)
        {
            _byQuestion[AnswerMatching.Normalize(row.Question)] = row;
            if (row.Id is not null)
            {
                _byId[row.Id] = row;
            }
        }
    }

    /// <summary>The entry with its label: <see cref="GuardLogEntry.Correct"/> as it is, else whether the model's answer holds a known one
    /// (<see cref="AnswerPipeline.IsAnswer"/>); for a question without an answer, false.</summary>
    /// <param name="entry">The entry.</param>
    public GuardLogEntry Label(GuardLogEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (entry.Correct is not null || entry.Answer is not { } answer)
        {
            return entry;
        }

        var row = (entry.Id is { } id ? _byId.GetValueOrDefault(id) : null) ?? _byQuestion.GetValueOrDefault(AnswerMatching.Normalize(entry.Question));
        return row switch
        {
            null => entry,
            { IsAnswerable: false } => entry with { Correct = false },
            { Answers.Count: 0 } => entry,
            _ => entry with { Correct = AnswerPipeline.IsAnswer(answer, row.Answers) },
        };
    }
}
