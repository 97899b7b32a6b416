namespace Microscale.Guard.Onnx;

/// <summary>Work in phases, each of parts that threads may do side by side; a phase begins when all of the one before is done.</summary>
internal abstract class PhasedWork
{
    /// <summary>How many phases there are; always the same.</summary>
    public abstract int Phases { get; }

    /// <summary>How many parts a phase has, at least one and at most <see cref="WorkerTeam.MostParts"/>. It may change from one run to the next.</summary>
    public abstract int Parts(int phase);

    /// <summary>Called on each thread before its first part of a phase.</summary>
    public abstract void Prepare(int phase, int thread);

    /// <summary>Does a part.</summary>
    public abstract void Do(int phase, int part, int thread);
}
