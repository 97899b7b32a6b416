namespace Microscale.Guard.Grammar;

/// <summary>A grammar that answers are held to.</summary>
/// <param name="Grammar">The grammar.</param>
/// <param name="Warnings">What was asked for and is not in it.</param>
internal sealed record ChatGrammar(CompiledGrammar Grammar, IReadOnlyList<string> Warnings);
