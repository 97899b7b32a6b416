namespace Microscale.Guard.Evaluation;

/// <summary>What counts as a fact of a text: each member gives the facts of one document or one question as keys, equal for
/// equal facts.</summary>
/// <remarks>Made for English and languages like it. All members are pure, and safe for concurrent callers. A function of your own
/// serves as well: whatever it returns is counted.</remarks>
public static class FactExtraction
{
    /// <summary>Pairs of an entity and an attribute, from each sentence: its subject with each date, number and name that it says of
    /// it; with its other words where it says none of these.</summary>
    /// <param name="text">A document.</param>
    /// <remarks>The subject is the name or word that the sentence begins with; for "he", "it" and their like, the subject before; else
    /// the first name, or the first word that carries meaning. "Curie" after "Marie Curie" is Marie Curie. "Einstein was born in Ulm in
    /// 1879." holds two facts: Einstein and Ulm, Einstein and 1879.</remarks>
    public static IEnumerable<string> EntityAttributes(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new EntityAttributes().Of(text);
    }

    /// <summary>The names of people, places and things.</summary>
    /// <param name="text">A document.</param>
    public static IEnumerable<string> Entities(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return NameExtractor.Extract(text).Select(n => string.Join(' ', n.Words)).Distinct();
    }

    /// <summary>The whole text as one fact: its words but for function words, as a set, without inflection. "What is the capital of
    /// France?" and "France's capital" are one question.</summary>
    /// <param name="text">A question of a traffic log.</param>
    public static IEnumerable<string> Question(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var terms = SearchTerms.Of(text);
        var key = terms.Count > 0 ? string.Join(' ', terms.Distinct().Order(StringComparer.Ordinal)) : AnswerMatching.Normalize(text);
        return key.Length > 0 ? [key] : [];
    }
}
