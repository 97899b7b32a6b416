namespace Microscale.Guard.Samples.Quickstart;

/// <summary>A question, and what it is there to show.</summary>
/// <param name="Text">The question.</param>
/// <param name="Purpose">What kind of question it is; null for one from the command line.</param>
internal sealed record Question(string Text, string? Purpose = null);

internal static class Questions
{
    /// <summary>The questions that are asked when the command line has none.</summary>
    public static IReadOnlyList<Question> All { get; } =
    [
        new("What is the waggle dance of honey bees?", "In the documents"),
        new("Who invented the World Wide Web?", "In the documents, a short answer"),
        new("What year did the Brazilian physicist Carlos Drummond win the Nobel Prize?", "A false premise: there is no such physicist"),
        new("Who designed the Sydney Opera House?", "Not in the documents"),
        new("What is the atomic number of gold?", "In the documents, a number"),
    ];
}
