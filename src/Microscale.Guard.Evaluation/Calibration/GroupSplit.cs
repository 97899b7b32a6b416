using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Microscale.Guard.Evaluation;

/// <summary>Divides rows into those that a calibration is fitted on and those that it is tested on.</summary>
/// <remarks>Rows of one group (a passage, a question) go to the same side, or the test would know what was fitted. The side of a group
/// depends on its name and the seed alone, so that a data set can grow. Rows without a group are groups of their own.</remarks>
public sealed record GroupSplit
{
    /// <summary>Creates a split.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="fitShare">The share of the groups that is fitted on, between 0 and 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="fitShare"/> is not between 0 and 1.</exception>
    public GroupSplit(long seed = 0, double fitShare = 0.5)
    {
        if (fitShare is not (> 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(fitShare), fitShare, "The share that is fitted on is between 0 and 1, both excluded, such as 0.5.");
        }

        (Seed, FitShare) = (seed, fitShare);
    }

    /// <summary>The seed.</summary>
    public long Seed { get; }

    /// <summary>The share of the groups that is fitted on.</summary>
    public double FitShare { get; }

    /// <summary>Whether a row is fitted on; else it is tested on.</summary>
    /// <param name="row">The row.</param>
    public bool IsFitted(EvaluatedRow row) => IsFitted(row.Group ?? row.Row.ToString(CultureInfo.InvariantCulture));

    /// <summary>Whether a group is fitted on; else it is tested on.</summary>
    /// <param name="group">Its name.</param>
    public bool IsFitted(string group)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Seed}/{group}")), hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash) < FitShare * ulong.MaxValue;
    }

    /// <summary>The split in words, as an artefact names it.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{FitShare:0.##} of the groups, by SHA-256 of '{Seed}/group'");
}
