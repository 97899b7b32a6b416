using System.Globalization;
using System.Text;

namespace Microscale.Guard.Grammar;

/// <summary>Union, intersection and difference of <see cref="Shape"/>; all exact.</summary>
internal sealed class ShapeAlgebra
{
    private readonly CompileContext _context;

    public ShapeAlgebra(SchemaExprPool pool, TextAlgebra strings, TextAlgebra numbers, SketchPad sketches, CompileContext context)
    {
        _context = context;
        Strings = strings;
        Numbers = numbers;
        Arrays = new ArrayAlgebra(pool, sketches, context);
        Objects = new ObjectAlgebra(pool, strings, sketches, context);
        Nothing = new Shape(false, false, false, numbers.Nothing, strings.Nothing, [], []);
        Everything = new Shape(true, true, true, numbers.Everything, strings.Everything, [Arrays.Universal], [Objects.Universal]);
    }

    public TextAlgebra Strings { get; }

    public TextAlgebra Numbers { get; }

    public ArrayAlgebra Arrays { get; }

    public ObjectAlgebra Objects { get; }

    public Shape Nothing { get; }

    public Shape Everything { get; }

    /// <summary>Whether a shape is seen to be empty. A shape that is not may still be.</summary>
    public bool IsNothing(Shape shape) =>
        !shape.Null && !shape.True && !shape.False && shape.Arrays.Count == 0 && shape.Objects.Count == 0
        && Numbers.IsEmpty(shape.Numbers) && Strings.IsEmpty(shape.Strings);

    public Shape Union(IEnumerable<Shape> shapes, string pointer)
    {
        var all = shapes.ToList();
        if (all.Count == 0) return Nothing;
        if (all.Count == 1) return all[0];
        return new Shape(
            all.Exists(shape => shape.Null),
            all.Exists(shape => shape.True),
            all.Exists(shape => shape.False),
            Numbers.Or(all.Select(shape => shape.Numbers)),
            Strings.Or(all.Select(shape => shape.Strings)),
            Merge(all.SelectMany(shape => shape.Arrays), pointer),
            Merge(all.SelectMany(shape => shape.Objects), pointer));
    }

    /// <summary>The same values without what was evaluated, so that alternatives that differ in nothing else become one.</summary>
    public Shape Forget(Shape shape, string pointer) => ReferenceEquals(shape, Everything) ? shape : shape with
    {
        Arrays = Absorb(
            Merge(shape.Arrays.Select(atom => atom with { Evaluated = 0, EvaluatedKind = Arrays.Universal.EvaluatedKind }), pointer), atom => atom.IsUniversal),
        Objects = Absorb(Merge(shape.Objects.Select(atom => atom with { Evaluated = Strings.Nothing }), pointer), atom => atom.IsUniversal),
    };

    public Shape Intersect(Shape a, Shape b, string pointer)
    {
        if (ReferenceEquals(a, Everything)) return b;
        if (ReferenceEquals(b, Everything)) return a;
        return new Shape(
            a.Null && b.Null,
            a.True && b.True,
            a.False && b.False,
            Numbers.And(a.Numbers, b.Numbers),
            Strings.And(a.Strings, b.Strings),
            Merge(a.Arrays.SelectMany(left => b.Arrays.Select(right => Arrays.Intersect(left, right, pointer)).OfType<ArrayAtom>()), pointer),
            Merge(a.Objects.SelectMany(left => b.Objects.SelectMany(right => Objects.Intersect(left, right, pointer))), pointer));
    }

    /// <summary>What is in <paramref name="a"/> and not in <paramref name="b"/>. What counts as evaluated is that of <paramref name="a"/>.</summary>
    public Shape Subtract(Shape a, Shape b, string pointer)
    {
        var arrays = a.Arrays;
        foreach (var atom in b.Arrays)
        {
            if (arrays.Count == 0) break;
            var outside = Arrays.Complement(atom).ToList();
            arrays = Merge(arrays.SelectMany(left => outside.Select(right => Arrays.Intersect(left, right, pointer)).OfType<ArrayAtom>()), pointer);
        }

        var objects = a.Objects;
        foreach (var atom in b.Objects)
        {
            if (objects.Count == 0) break;
            var outside = Objects.Complement(atom).ToList();
            objects = Merge(objects.SelectMany(left => outside.SelectMany(right => Objects.Intersect(left, right, pointer))), pointer);
        }

        return new Shape(
            a.Null && !b.Null,
            a.True && !b.True,
            a.False && !b.False,
            Numbers.And(a.Numbers, Numbers.Not(b.Numbers)),
            Strings.And(a.Strings, Strings.Not(b.Strings)),
            arrays,
            objects);
    }

    private List<ArrayAtom> Merge(IEnumerable<ArrayAtom> atoms, string pointer) => Merge(atoms, KeyOf, pointer);

    private List<ObjectAtom> Merge(IEnumerable<ObjectAtom> atoms, string pointer) => Merge(atoms, KeyOf, pointer);

    private List<T> Merge<T>(IEnumerable<T> atoms, Func<T, string> key, string pointer)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var kept = new List<T>();
        foreach (var atom in atoms)
        {
            _context.Spend(1, pointer);
            if (!seen.Add(key(atom))) continue;
            kept.Add(atom);
            _context.CheckAlternatives(kept.Count, pointer);
        }

        return kept;
    }

    /// <summary>Beside everything there is nothing else.</summary>
    private static List<T> Absorb<T>(List<T> atoms, Predicate<T> isEverything) =>
        atoms.Find(isEverything) is { } everything ? [everything] : atoms;

    private static string KeyOf(ArrayAtom atom)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{atom.Min}-{atom.Max} {atom.UniqueAt} {atom.Evaluated} {atom.EvaluatedKind.Id} {atom.Rest.Id}:");
        foreach (var item in atom.Prefix) text.Append(CultureInfo.InvariantCulture, $"{item.Id},");
        foreach (var count in atom.Counts) text.Append(CultureInfo.InvariantCulture, $";{count.From},{count.Kind.Id},{count.Min},{count.Max}");
        return text.ToString();
    }

    private static string KeyOf(ObjectAtom atom)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{atom.Min}-{atom.Max} {atom.Evaluated.Key}");
        foreach (var slot in atom.Slots) text.Append(CultureInfo.InvariantCulture, $";{slot.Name.Length}:{slot.Name}={slot.Kind.Id}{(slot.Required ? '!' : '?')}");
        foreach (var region in atom.Regions) text.Append(CultureInfo.InvariantCulture, $"|{region.Keys.Key}={region.Kind.Id}");
        foreach (var witness in atom.Witnesses) text.Append(CultureInfo.InvariantCulture, $"^{witness.Keys.Key}={witness.Kind.Id}");
        return text.ToString();
    }
}
