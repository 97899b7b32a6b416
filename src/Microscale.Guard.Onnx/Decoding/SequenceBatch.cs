namespace Microscale.Guard.Onnx;

/// <summary>The sequences that a model reads at the same time: a row each, with the keys and values of what it has read, and the
/// runs over them.</summary>
/// <remarks>This is what the scheduler needs of a model, whatever its layout. Rows are numbered from 0 without gaps. Not safe for
/// concurrent callers.</remarks>
internal abstract class SequenceBatch : IDisposable
{
    /// <summary>The most tokens that a row reads in one run: more are hardly read faster, and whatever waits for a run waits longer.</summary>
    public const int MaxRunLength = 128;

    /// <summary>How many rows there are.</summary>
    public abstract int Rows { get; }

    /// <summary>Bytes that are reserved for keys and values.</summary>
    public abstract long Bytes { get; }

    /// <summary>Numbers of keys and values that one token takes.</summary>
    public abstract int KeyValuesPerToken { get; }

    /// <summary>Logits of a row.</summary>
    public abstract int VocabularySize { get; }

    /// <summary>Whether <see cref="Step"/> does without the runtime.</summary>
    public virtual bool StepsDirectly => false;

    /// <summary>How many tokens a row has read.</summary>
    public abstract int Length(int row);

    /// <summary>Adds an empty row after the others.</summary>
    public abstract void AddRow();

    /// <summary>Drops the last row.</summary>
    public abstract void RemoveLastRow();

    /// <summary>Makes a row hold what another has read.</summary>
    public abstract void CopyRow(int from, int to);

    /// <summary>Exchanges two rows.</summary>
    public abstract void SwapRows(int first, int second);

    /// <summary>Forgets all tokens of a row after the first <paramref name="length"/>.</summary>
    public abstract void Truncate(int row, int length);

    /// <summary>Reads tokens in one row, from 1 to <see cref="MaxRunLength"/>.</summary>
    /// <returns>The logits after the last of them, valid until the next run; they are also <see cref="Logits"/> of row 0.</returns>
    public abstract ReadOnlySpan<float> Read(int row, ReadOnlySpan<int> tokens);

    /// <summary>Reads tokens in one row, from 1 to <see cref="MaxRunLength"/>.</summary>
    /// <returns>The logits after each of them, one after the other, valid until the next run.</returns>
    public abstract ReadOnlySpan<float> ReadAll(int row, ReadOnlySpan<int> tokens);

    /// <summary>Reads one token in each of the first rows.</summary>
    /// <param name="tokens">The token of each row; at least one, at most as many as there are rows.</param>
    public abstract void Step(ReadOnlySpan<int> tokens);

    /// <summary>The logits of a row after <see cref="Step"/>, valid until the next run.</summary>
    public abstract ReadOnlySpan<float> Logits(int row);

    /// <summary>Copies keys and values of a row out.</summary>
    /// <param name="row">The row.</param>
    /// <param name="start">The first token.</param>
    /// <param name="count">How many tokens.</param>
    /// <param name="block">Memory for a number of tokens, in an order that <see cref="Import"/> understands.</param>
    /// <param name="blockStart">The place of the first token in the block.</param>
    public abstract void Export(int row, int start, int count, Span<float> block, int blockStart);

    /// <summary>Appends the first tokens of a block to a row, as if it had read them.</summary>
    public abstract void Import(int row, ReadOnlySpan<float> block, int count);

    /// <summary>Releases memory that is reserved beyond what a small request needs. There are no rows.</summary>
    public abstract void Trim();

    public abstract void Dispose();
}
