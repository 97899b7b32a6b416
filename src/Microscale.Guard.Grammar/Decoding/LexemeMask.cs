namespace Microscale.Guard.Grammar;

/// <summary>What the rest of one terminal says about the tokens, wherever it stands.</summary>
/// <param name="Allowed">The tokens that it can read, be it to its end or not.</param>
/// <param name="Trie">The tree of the tokens that had to be looked at.</param>
/// <param name="Exits">Its nodes where it may end, so that what follows it may go on below.</param>
internal sealed record LexemeMask(uint[] Allowed, TokenTrie Trie, int[] Exits);
