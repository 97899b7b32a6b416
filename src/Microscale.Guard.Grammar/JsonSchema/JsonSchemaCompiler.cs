using System.Text.Json;

namespace Microscale.Guard.Grammar;

/// <summary>The parts that compile one schema.</summary>
internal sealed class JsonSchemaCompiler
{
    private readonly CompileContext _context;

    public JsonSchemaCompiler(JsonElement schema, JsonSchemaGrammarOptions options, GrammarBuilder builder)
    {
        _context = new CompileContext(options);
        var regexes = builder.Regexes;
        var document = new SchemaDocument(schema, _context);
        Pool = new SchemaExprPool();
        var numbers = new NumberTexts(regexes);
        var numberSets = new TextAlgebra(regexes, numbers.All, numbers.Spellings);
        var stringSets = new TextAlgebra(regexes, regexes.AnyText, regexes.Literals);
        var scalars = new ScalarKeywords(regexes, numbers, numberSets, stringSets, _context);
        var sketches = new SketchPad(Pool, document, scalars, numberSets, stringSets, _context);
        var shapes = new ShapeAlgebra(Pool, stringSets, numberSets, sketches, _context);
        Expander = new ShapeExpander(document, Pool, shapes, scalars);
        Root = Pool.Leaf(document.Root);
        Emitter = new GrammarEmitter(builder, Expander, Pool, shapes, sketches, numbers, _context);
    }

    public SchemaExprPool Pool { get; }

    public ShapeExpander Expander { get; }

    public SchemaExpr Root { get; }

    public GrammarEmitter Emitter { get; }

    public GrammarNode Emit() => Emitter.EmitAll(Root);

    public IReadOnlyList<string> Warnings => _context.Warnings;
}
