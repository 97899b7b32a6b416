namespace Microscale.Guard.Onnx;

/// <summary>Says, token by token, what an answer may consist of.</summary>
/// <remarks>
/// One instance belongs to one answer. The engine calls it from one thread at a time, and in this order for each token: forced
/// tokens, else the mask, then <see cref="Accept"/>. What it throws ends its answer with that exception and no other.
/// </remarks>
internal interface ITokenConstraint
{
    /// <summary>Whether nothing may follow: the answer ends as if the model had ended it.</summary>
    bool IsComplete { get; }

    /// <summary>Tokens that must come next, whatever the model says, so that it need not be asked; empty where it has a choice.
    /// Valid until the next <see cref="Accept"/>.</summary>
    ReadOnlySpan<int> ForcedTokens { get; }

    /// <summary>The tokens that may come next, one bit each: token t is bit t mod 32 of number t / 32. The model's end tokens are
    /// among them where the answer may end here. Empty when every token may. Valid until the next <see cref="Accept"/>.</summary>
    ReadOnlySpan<uint> AllowedTokens { get; }

    /// <summary>Takes note of the token that came; called for forced ones too, for each of them in order.</summary>
    void Accept(int token);
}
