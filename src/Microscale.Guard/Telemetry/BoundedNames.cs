using System.Collections.Concurrent;

namespace Microscale.Guard;

/// <summary>Keeps the different values of one attribute of the metrics to a number that a metric store can bear: names come from
/// servers and configuration, and each makes time series of its own.</summary>
/// <remarks>Safe for concurrent callers.</remarks>
internal sealed class BoundedNames
{
    /// <summary>How many names an attribute can have.</summary>
    public const int Capacity = 50;

    /// <summary>How long a name can be, in UTF-16 units.</summary>
    public const int MaxLength = 100;

    /// <summary>Stands for all names beyond the first <see cref="Capacity"/>, and for those that are too long.</summary>
    public const string Overflow = "other";

    /// <summary>Stands for a name that is not known.</summary>
    public const string Unknown = "unknown";

    private readonly ConcurrentDictionary<string, bool> _names = new(StringComparer.Ordinal);
    private readonly Lock _adding = new();
    private volatile bool _isFull;

    /// <summary>The name as metrics have it.</summary>
    public string Bound(string? name)
    {
        if (string.IsNullOrEmpty(name))
        {
            return Unknown;
        }

        if (_names.ContainsKey(name))
        {
            return name;
        }

        if (_isFull || name.Length > MaxLength)
        {
            return Overflow;
        }

        lock (_adding)
        {
            if (_isFull && !_names.ContainsKey(name))
            {
                return Overflow;
            }

            _names.TryAdd(name, true);
            _isFull = _names.Count >= Capacity;
            return name;
        }
    }
}
