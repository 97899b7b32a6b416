using System.Globalization;

namespace Microscale.Guard.Onnx;

/// <summary>A template in the part of Jinja that chat templates use: if, for, set, macro, call, filter, generation and raw blocks,
/// expressions, and the usual filters, tests and methods. Its texts know whether the template or data wrote them.</summary>
/// <remarks>Immutable and safe for concurrent callers.</remarks>
internal sealed class JinjaTemplate
{
    private const int MaxRange = 100_000;

    private readonly JinjaBlock _body;

    private JinjaTemplate(string source)
    {
        Source = source;
        (_body, Names) = JinjaParser.Parse(source);
    }

    public string Source { get; }

    /// <summary>The variables that the template asks for.</summary>
    public IReadOnlySet<string> Names { get; }

    /// <summary>Reads a template.</summary>
    /// <exception cref="JinjaException">It is none, or uses what is not supported; the message has line and column.</exception>
    public static JinjaTemplate Parse(string source)
    {
        var normalised = source.Replace("\r\n", "\n", StringComparison.Ordinal);
        try
        {
            return new JinjaTemplate(normalised);
        }
        catch (JinjaException exception)
        {
            throw Describe(exception, normalised);
        }
    }

    /// <summary>Writes the text of the template.</summary>
    /// <param name="variables">The variables.</param>
    /// <param name="timeProvider">The clock of <c>strftime_now</c>.</param>
    /// <exception cref="JinjaException">The template refused the variables, or uses them in a way that fails.</exception>
    public TemplateText Render(IEnumerable<KeyValuePair<string, object?>> variables, TimeProvider timeProvider)
    {
        var root = new JinjaScope(Globals());
        foreach (var (name, value) in variables)
        {
            root[name] = value;
        }

        var context = new JinjaContext(root, timeProvider);
        try
        {
            _body.Run(context);
            return context.Output.Build();
        }
        catch (JinjaException exception)
        {
            throw Describe(exception, Source);
        }
    }

    private static JinjaException Describe(JinjaException exception, string source) =>
        new(exception.IsRefusal ? exception.Message : exception.Describe(source)) { IsRefusal = exception.IsRefusal };

    private static JinjaScope Globals() => new(null)
    {
        ["range"] = (JinjaFunction)((_, arguments) => Range(arguments)),
        ["namespace"] = (JinjaFunction)((_, arguments) => new JinjaNamespace(Named(arguments))),
        ["dict"] = (JinjaFunction)((_, arguments) => Named(arguments)),
        ["raise_exception"] = (JinjaFunction)((_, arguments) =>
            throw new JinjaException(JinjaValues.Print(arguments.Get(0, "message")).Value) { IsRefusal = true }),
        ["strftime_now"] = (JinjaFunction)((context, arguments) =>
            TemplateText.FromTemplate(Strftime.Format(context.TimeProvider.GetLocalNow(), JinjaValues.ToText(arguments.Require(0, "format")).Value))),
    };

    private static JinjaMap Named(JinjaArguments arguments)
    {
        var map = new JinjaMap();
        foreach (var (name, value) in arguments.Positional.OfType<JinjaMap>().SelectMany(m => m).Concat(arguments.Named))
        {
            map[name] = value;
        }

        return map;
    }

    private static List<object?> Range(JinjaArguments arguments)
    {
        var first = JinjaValues.ToInteger(arguments.Require(0, "stop"));
        var (start, stop) = arguments.Has(1, "stop") ? (first, JinjaValues.ToInteger(arguments.Get(1, "stop"))) : (0, first);
        var step = JinjaValues.ToInteger(arguments.Get(2, "step", 1L));
        if (step == 0 || Math.Abs((decimal)stop - start) / Math.Abs((decimal)step) > MaxRange)
        {
            throw new JinjaException(string.Create(CultureInfo.InvariantCulture, $"a range needs a step other than zero and at most {MaxRange} members"));
        }

        var members = new List<object?>();
        for (var i = start; step > 0 ? i < stop : i > stop; i += step)
        {
            members.Add(i);
        }

        return members;
    }
}
