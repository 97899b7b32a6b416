namespace Microscale.Guard;

/// <summary>The sentences of abstentions in one language.</summary>
/// <remarks>They never quote what the model said. Not to be changed once a guard uses them.</remarks>
public sealed class AbstentionTemplates
{
    /// <summary>Why, when the confidence is too low.</summary>
    public string LowConfidence { get; set; } = "I am not sure enough of an answer to give it.";

    /// <summary>Why, when the evidence says otherwise.</summary>
    public string Contradicted { get; set; } = "I can't answer that: what I would have said is at odds with the evidence.";

    /// <summary>Why, when the evidence does not say so.</summary>
    public string Unverifiable { get; set; } = "I can't answer that: I found nothing that confirms what I would have said.";

    /// <summary>Why, when there is no evidence.</summary>
    public string NoEvidence { get; set; } = "I can't answer that: I have no evidence on it, and I would rather not guess.";

    /// <summary>Why, when the evidence source failed.</summary>
    public string SourceFailed { get; set; } = "I can't answer that right now: the evidence could not be searched.";

    /// <summary>Why, when a part of the guard failed.</summary>
    public string NotChecked { get; set; } = "I can't answer that right now: my answer could not be checked.";

    /// <summary>Why, when the beginning of the answer was delivered already.</summary>
    public string Stopped { get; set; } = "I stop here: the rest of my answer could not be confirmed.";

    /// <summary>What could not be verified, when it is only a part: <c>{0}</c> of <c>{1}</c> statements.</summary>
    public string Unconfirmed { get; set; } = "I could not confirm {0} of {1} statements.";

    /// <summary>What is known: <c>{0}</c> is a sentence of the evidence with its citation.</summary>
    public string Known { get; set; } = "What I do know: {0}";

    /// <summary>What would help where evidence is missing or against the answer.</summary>
    public string EvidenceWouldHelp { get; set; } = "A document that says more on this would help.";

    /// <summary>What would help where the model is unsure.</summary>
    public string QuestionWouldHelp { get; set; } = "A more specific question may help.";

    /// <summary>What would help where something failed.</summary>
    public string TimeWouldHelp { get; set; } = "Asking again later may help.";

    /// <summary>English.</summary>
    internal static AbstentionTemplates English { get; } = new();

    /// <summary>New templates in English.</summary>
    public static AbstentionTemplates CreateEnglish() => new();

    /// <summary>New templates in German.</summary>
    public static AbstentionTemplates CreateGerman() => new()
    {
        LowConfidence = "Ich bin mir einer Antwort nicht sicher genug, um sie zu geben.",
        Contradicted = "Das kann ich nicht beantworten: Was ich gesagt hätte, widerspricht den Belegen.",
        Unverifiable = "Das kann ich nicht beantworten: Ich habe nichts gefunden, was meine Antwort bestätigt hätte.",
        NoEvidence = "Das kann ich nicht beantworten: Ich habe dazu keine Belege und möchte nicht raten.",
        SourceFailed = "Das kann ich gerade nicht beantworten: Die Belege konnten nicht durchsucht werden.",
        NotChecked = "Das kann ich gerade nicht beantworten: Meine Antwort konnte nicht geprüft werden.",
        Stopped = "Hier höre ich auf: Der Rest meiner Antwort ließ sich nicht bestätigen.",
        Unconfirmed = "{0} von {1} Aussagen konnte ich nicht bestätigen.",
        Known = "Was ich weiß: {0}",
        EvidenceWouldHelp = "Ein Dokument, das mehr dazu sagt, würde helfen.",
        QuestionWouldHelp = "Eine genauere Frage hilft vielleicht.",
        TimeWouldHelp = "Vielleicht hilft es, später noch einmal zu fragen.",
    };

    /// <summary>Why an answer is withheld.</summary>
    internal string Why(GuardReason reason) => reason switch
    {
        GuardReason.LowConfidence => LowConfidence,
        GuardReason.Contradicted => Contradicted,
        GuardReason.Unverifiable => Unverifiable,
        GuardReason.NoEvidence => NoEvidence,
        GuardReason.SourceFailed => SourceFailed,
        _ => NotChecked,
    };

    /// <summary>What would help.</summary>
    internal string Help(GuardReason reason) => reason switch
    {
        GuardReason.Contradicted or GuardReason.Unverifiable or GuardReason.NoEvidence => EvidenceWouldHelp,
        GuardReason.LowConfidence => QuestionWouldHelp,
        _ => TimeWouldHelp,
    };

    internal void Validate(string language)
    {
        var known = Known?.Split("{0}").Length == 2;
        if (!known || Unconfirmed?.Contains("{0}", StringComparison.Ordinal) is not true || !Unconfirmed.Contains("{1}", StringComparison.Ordinal))
        {
            throw new InvalidOperationException(
                $"The abstention templates of '{language}' lack a place: {nameof(Known)} needs {{0}} once for the quotation, {nameof(Unconfirmed)} needs {{0}} and {{1}} for the counts.");
        }

        if (((string?[])[LowConfidence, Contradicted, Unverifiable, NoEvidence, SourceFailed, NotChecked, Stopped]).Any(string.IsNullOrWhiteSpace))
        {
            throw new InvalidOperationException($"The abstention templates of '{language}' have an empty reason: an abstention must say why.");
        }
    }
}
