namespace Microscale.Guard.Grammar;

/// <summary>Writes sets of JSON values as a grammar: a rule for each set that has arrays or objects, one terminal for each other.</summary>
internal sealed class GrammarEmitter
{
    private readonly Dictionary<int, GrammarNode> _values = [];
    private readonly Queue<Action> _work = new();
    private readonly GrammarBuilder _builder;
    private readonly ShapeExpander _expander;
    private readonly ScalarEmitter _scalars;
    private readonly ArrayEmitter _arrays;
    private readonly ObjectEmitter _objects;
    private int _states;

    public GrammarEmitter(
        GrammarBuilder builder, ShapeExpander expander, SchemaExprPool pool, ShapeAlgebra shapes, SketchPad sketches, NumberTexts numbers, CompileContext context)
    {
        _builder = builder;
        _expander = expander;
        Pool = pool;
        Shapes = shapes;
        Sketches = sketches;
        Context = context;
        Tokens = new JsonTokens(builder.Regexes, context.Options);
        _scalars = new ScalarEmitter(builder.Regexes, numbers, Tokens);
        _arrays = new ArrayEmitter(builder, this);
        _objects = new ObjectEmitter(builder, this);
    }

    public SchemaExprPool Pool { get; }

    public ShapeAlgebra Shapes { get; }

    public SketchPad Sketches { get; }

    public CompileContext Context { get; }

    public JsonTokens Tokens { get; }

    public GrammarNode EmitAll(SchemaExpr root)
    {
        var node = Value(root);
        // Not recursive: schemas may be nested as deeply as they like.
        while (_work.TryDequeue(out var define)) define();
        return node;
    }

    /// <summary>The grammar of a set of values.</summary>
    public GrammarNode Value(SchemaExpr expr)
    {
        if (_values.TryGetValue(expr.Id, out var known)) return known;
        var shape = Expand(expr);
        var scalars = _builder.Terminal(_scalars.Emit(shape));
        if (shape.Arrays.Count == 0 && shape.Objects.Count == 0) return _values[expr.Id] = scalars;

        var rule = _builder.Declare($"#{expr.Pointer}");
        _values[expr.Id] = rule;
        _work.Enqueue(() => rule.Define(_builder.Choice(
        [
            scalars,
            .. shape.Arrays.Select(_arrays.Emit),
            .. shape.Objects.Select(_objects.Emit),
        ])));
        return rule;
    }

    public Shape Expand(SchemaExpr expr) => _expander.Expand(expr);

    /// <summary>A rule for a state of an array or object, defined later.</summary>
    public GrammarNode State(string name, Func<GrammarNode> definition)
    {
        if (++_states > Context.Options.MaxSymbols)
        {
            throw new JsonSchemaException("schema", "",
                $"its grammar has more than {Context.Options.MaxSymbols} symbols; lower the numbers in it, or raise {nameof(JsonSchemaGrammarOptions.MaxSymbols)}");
        }

        var rule = _builder.Declare(name);
        _work.Enqueue(() => rule.Define(definition()));
        return rule;
    }

    /// <summary>A mark and what follows it, as one terminal where that is possible.</summary>
    public GrammarNode After(RegexNode mark, GrammarNode value) => value.Regex is { } regex
        ? _builder.Terminal(_builder.Regexes.Concat(mark, regex))
        : _builder.Sequence(_builder.Terminal(mark), value);
}
