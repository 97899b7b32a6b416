namespace Microscale.Guard.Grammar;

/// <summary>What one compilation shares: options, warnings and the bounds on its work.</summary>
internal sealed class CompileContext(JsonSchemaGrammarOptions options)
{
    /// <summary>Steps of the algebra. Of 900 schemas in public use the greediest needs 5,000.</summary>
    private const int MaxSteps = 200_000;

    private readonly HashSet<string> _warnings = [];
    private int _steps;

    public JsonSchemaGrammarOptions Options { get; } = options;

    public IReadOnlyList<string> Warnings => [.. _warnings];

    public void Warn(string keyword, string pointer, string text) => _warnings.Add($"{keyword} at #{pointer}: {text}");

    /// <summary>Refuses a keyword that cannot be exact, or, if the options are lenient, notes that it is dropped.</summary>
    public void Refuse(string keyword, string pointer, string reason)
    {
        if (!Options.Lenient) throw new JsonSchemaException(keyword, pointer, reason);
        Warn(keyword, pointer, "dropped; " + reason);
    }

    public void Spend(int steps, string pointer)
    {
        _steps += steps;
        if (_steps > MaxSteps)
            throw new JsonSchemaException("schema", pointer, "it combines too many alternatives to be compiled in bounded time; simplify anyOf, oneOf, not or if");
    }

    public void CheckAlternatives(int count, string pointer)
    {
        if (count > Options.MaxAlternatives)
        {
            throw new JsonSchemaException("schema", pointer,
                $"it falls apart into more than {Options.MaxAlternatives} alternatives; simplify anyOf, oneOf, not, if or dependencies, or raise {nameof(JsonSchemaGrammarOptions.MaxAlternatives)}");
        }
    }
}
