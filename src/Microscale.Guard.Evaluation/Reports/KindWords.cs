namespace Microscale.Guard.Evaluation;

/// <summary>What "true" and "passes" are for a kind of data set.</summary>
/// <param name="Title">The kind, for a person.</param>
/// <param name="Row">What a row is, in the plural.</param>
/// <param name="Passes">What became of a row that passes.</param>
/// <param name="IsTrue">What a true row is.</param>
/// <param name="IsFalse">What a false row is.</param>
internal sealed record KindWords(string Title, string Row, string Passes, string IsTrue, string IsFalse)
{
    public static KindWords Of(string kind) => kind switch
    {
        "groundedness" => new("Groundedness of claims", "claims", "called supported", "supported", "unsupported"),
        "nli" => new("Entailment", "pairs", "called entailed", "entailed", "not entailed"),
        "qa" => new("Question answering", "questions", "answered", "right", "wrong"),
        "rag" => new("Answering from passages", "questions", "answered", "right", "wrong"),
        "json-schema" => new("Structured output", "schemas", "compiled", "right", "wrong"),
        _ => new(kind, "rows", "passed", "true", "false"),
    };
}
