namespace Microscale.Guard.Onnx;

/// <summary>The variables of a part of a template, within those of the part around it.</summary>
internal sealed class JinjaScope(JinjaScope? parent)
{
    private readonly Dictionary<string, object?> _variables = new(StringComparer.Ordinal);

    public object? this[string name]
    {
        get => _variables.TryGetValue(name, out var value) ? value : parent is null ? new JinjaUndefined(name) : parent[name];
        set => _variables[name] = value;
    }
}

/// <summary>The state of one rendering.</summary>
/// <remarks>Templates come with models, so their work is bounded: a faulty one ends with an error, not with the process.</remarks>
internal sealed class JinjaContext(JinjaScope root, TimeProvider timeProvider)
{
    private const int MaxDepth = 64;
    private const int MaxSteps = 5_000_000;
    private const int MaxLength = 64 << 20;

    private int _depth;
    private int _steps;

    public JinjaScope Scope { get; private set; } = root;

    public TemplateText.Builder Output { get; private set; } = new();

    public TimeProvider TimeProvider => timeProvider;

    /// <summary>Counts a step of work.</summary>
    /// <exception cref="JinjaException">There were too many, or the text is too long.</exception>
    public void CountStep()
    {
        if (++_steps > MaxSteps || Output.Length > MaxLength)
        {
            throw new JinjaException("the template does not come to an end");
        }
    }

    /// <summary>Works in a scope.</summary>
    public T In<T>(JinjaScope scope, Func<JinjaContext, T> work)
    {
        var outer = Scope;
        Scope = scope;
        try
        {
            return work(this);
        }
        finally
        {
            Scope = outer;
        }
    }

    /// <summary>Runs a block in a scope and gives what it writes.</summary>
    public TemplateText Capture(JinjaScope scope, JinjaBlock body)
    {
        var outer = Output;
        Output = new();
        if (++_depth > MaxDepth)
        {
            throw new JinjaException("macros call each other without end");
        }

        try
        {
            In(scope, body.Run);
            return Output.Build();
        }
        finally
        {
            _depth--;
            Output = outer;
        }
    }
}
