namespace Microscale.Guard.Testing;

/// <summary>The ways in which a strategy can go wrong.</summary>
public enum Misbehaviour
{
    None,
    Throws,
    Hangs,

    /// <summary>Hangs and ignores cancellation.</summary>
    HangsForGood,
    ReturnsNull,

    /// <summary>Returns something that cannot be: a list of the wrong length, a score outside of 0..1.</summary>
    Lies,
}

public static class MisbehaviourExtensions
{
    /// <summary>Does what the misbehaviour says; returns only for those that return.</summary>
    public static async ValueTask ActAsync(this Misbehaviour misbehaviour, CancellationToken cancellationToken)
    {
        switch (misbehaviour)
        {
            case Misbehaviour.Throws:
                throw new InvalidOperationException("scripted fault");
            case Misbehaviour.Hangs:
                await Task.Delay(Timeout.Infinite, cancellationToken);
                break;
            case Misbehaviour.HangsForGood:
                await Task.Delay(Timeout.Infinite, CancellationToken.None);
                break;
        }
    }
}
