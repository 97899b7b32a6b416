namespace Microscale.Guard.Grammar;

/// <summary>What a regex node is.</summary>
internal enum RegexKind
{
    /// <summary>No string.</summary>
    Empty,

    /// <summary>The empty string.</summary>
    Epsilon,

    /// <summary>One byte of a set.</summary>
    Bytes,

    /// <summary><see cref="RegexNode.Left"/>, then <see cref="RegexNode.Right"/>; the left one is never a concatenation.</summary>
    Concat,

    /// <summary>A string of at least one of the <see cref="RegexNode.Children"/>.</summary>
    Or,

    /// <summary>A string of all <see cref="RegexNode.Children"/>.</summary>
    And,

    /// <summary>Every string of bytes that is not one of <see cref="RegexNode.Left"/>.</summary>
    Not,

    /// <summary><see cref="RegexNode.Left"/>, from <see cref="RegexNode.Min"/> to <see cref="RegexNode.Max"/> times.</summary>
    Repeat,

    /// <summary>A decimal number without sign and exponent that is a multiple of a number; see <see cref="MultipleOfState"/>.</summary>
    MultipleOf,

    /// <summary>The strings of <see cref="RegexNode.Left"/> as they are written inside of a JSON string; see <see cref="JsonEscapes"/>.</summary>
    JsonEscaped,
}

/// <summary>A regular expression over bytes. Nodes of one <see cref="RegexBuilder"/> that look the same are the same object.</summary>
internal sealed class RegexNode
{
    /// <summary>The value of <see cref="Max"/> for no bound.</summary>
    public const int Unbounded = int.MaxValue;

    private ByteSet _first;
    private bool _hasFirst;

    public RegexNode(int id, RegexKind kind)
    {
        Id = id;
        Kind = kind;
    }

    public int Id { get; }

    public RegexKind Kind { get; }

    /// <summary>The head of a concatenation, or what a repetition, complement or escape is of.</summary>
    public RegexNode? Left { get; init; }

    /// <summary>The tail of a concatenation.</summary>
    public RegexNode? Right { get; init; }

    /// <summary>The members of a union or intersection, by id.</summary>
    public RegexNode[] Children { get; init; } = [];

    public ByteSet Set { get; init; }

    public int Min { get; init; }

    public int Max { get; init; }

    public MultipleOfState Multiple { get; init; }

    /// <summary>Where an escape stands: one of the states of <see cref="JsonEscapes"/>.</summary>
    public int EscapeState => Min;

    /// <summary>Whether the empty string is in the language.</summary>
    public bool Nullable { get; init; }

    /// <summary>Whether the language may be empty although the node is not <see cref="RegexKind.Empty"/>.</summary>
    public bool MayBeEmpty { get; init; }

    /// <summary>Whether a string is in the language; null until it is known. Only asked when <see cref="MayBeEmpty"/>.</summary>
    public bool? IsLive { get; set; }

    /// <summary>How many characters of plain text may follow for sure (see <see cref="TextCapacity"/>); -1 until it is known.</summary>
    public int Capacity { get; set; } = -1;

    /// <summary>A superset of the bytes with which strings of the language begin.</summary>
    public ByteSet First
    {
        get
        {
            if (!_hasFirst)
            {
                _first = RegexFirst.Compute(this);
                _hasFirst = true;
            }

            return _first;
        }
    }
}
