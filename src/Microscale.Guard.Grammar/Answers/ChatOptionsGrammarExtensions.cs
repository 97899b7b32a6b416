using Microsoft.Extensions.AI;

namespace Microscale.Guard.Grammar;

/// <summary>Constrains the answer to a request to the texts of a grammar.</summary>
public static class ChatOptionsGrammarExtensions
{
    /// <summary>
    /// Lets the answer be only a text of a grammar: the model chooses among the tokens that keep it one. Of a JSON Schema, set
    /// <see cref="ChatOptions.ResponseFormat"/> instead. A client that cannot decode under a grammar ignores it: put an
    /// <see cref="AnswerFormChatClient"/> around it, which checks the answer.
    /// </summary>
    /// <param name="options">The options of the request; they are changed.</param>
    /// <param name="grammar">The grammar. Keep and reuse it: it is compiled once for each model.</param>
    /// <returns>The options.</returns>
    public static ChatOptions ConstrainTo(this ChatOptions options, GrammarDefinition grammar)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(grammar);
        (options.AdditionalProperties ??= [])[GuardPropertyNames.Grammar] = grammar;
        return options;
    }

    /// <summary>The grammar that the answer is constrained to, or null.</summary>
    /// <param name="options">The options of the request.</param>
    public static GrammarDefinition? GetGrammar(this ChatOptions? options) =>
        options?.AdditionalProperties?.TryGetValue(GuardPropertyNames.Grammar, out var value) is true ? value as GrammarDefinition : null;
}
