using System.Globalization;
using System.Net;
using System.Text;

namespace Microscale.Guard.Evaluation.Charts;

/// <summary>An SVG chart in the making: axes, lines, bars, dots. Colours come from the page's style sheet.</summary>
internal sealed class SvgPlot
{
    /// <summary>How many series have a colour and a dash of their own.</summary>
    public const int Styles = 6;

    private const double Left = 58;
    private const double Right = 18;
    private const double Top = 14;
    private const double Bottom = 48;
    private static readonly double[] s_roundSteps = [1, 2, 5, 10];
    private readonly StringBuilder _svg = new();
    private readonly int _width;
    private readonly int _height;

    /// <summary>Begins a chart.</summary>
    /// <param name="id">Unique in the page.</param>
    /// <param name="title">What it shows, for those who do not see it.</param>
    /// <param name="description">What can be read from it.</param>
    /// <param name="width">In user units.</param>
    /// <param name="height">In user units.</param>
    public SvgPlot(string id, string title, string description, int width = 640, int height = 380)
    {
        (_width, _height) = (width, height);
        _svg.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {width} {height}\" role=\"img\" aria-labelledby=\"{id}-t {id}-d\">")
            .Append(CultureInfo.InvariantCulture, $"<title id=\"{id}-t\">{Encode(title)}</title><desc id=\"{id}-d\">{Encode(description)}</desc>");
    }

    /// <summary>The value at the right end of the horizontal axis; 0 is at its left end unless <see cref="MinX"/> says
    /// otherwise.</summary>
    public double MaxX { get; init; } = 1;

    /// <summary>The value at the left end of the horizontal axis.</summary>
    public double MinX { get; init; }

    /// <summary>The value at the top; 0 is at the bottom.</summary>
    public double MaxY { get; init; } = 1;

    /// <summary>Where a value lies horizontally.</summary>
    public double X(double value) => Left + ((value - MinX) / (MaxX - MinX) * (_width - Left - Right));

    /// <summary>Where a value lies vertically.</summary>
    public double Y(double value) => _height - Bottom - (value / MaxY * (_height - Top - Bottom));

    /// <summary>Draws both axes with grid lines.</summary>
    public SvgPlot Axes(string horizontal, string vertical, Func<double, string>? formatX = null, Func<double, string>? formatY = null)
    {
        formatX ??= Percent;
        formatY ??= Percent;
        foreach (var tick in Ticks(MinX, MaxX))
        {
            var x = X(tick);
            Raw($"<line class=\"grid\" x1=\"{x:0.#}\" x2=\"{x:0.#}\" y1=\"{Top:0.#}\" y2=\"{_height - Bottom:0.#}\"/>");
            Text(x, _height - Bottom + 18, formatX(tick), "middle");
        }

        foreach (var tick in Ticks(0, MaxY))
        {
            var y = Y(tick);
            Raw($"<line class=\"grid\" x1=\"{Left:0.#}\" x2=\"{_width - Right:0.#}\" y1=\"{y:0.#}\" y2=\"{y:0.#}\"/>");
            Text(Left - 8, y + 4, formatY(tick), "end");
        }

        Text((Left + _width - Right) / 2, _height - 8, horizontal, "middle", "axis");
        Raw($"<text class=\"axis\" text-anchor=\"middle\" transform=\"translate(14 {(Top + _height - Bottom) / 2:0.#}) rotate(-90)\">{Encode(vertical)}</text>");
        return this;
    }

    /// <summary>Draws a line through points.</summary>
    public SvgPlot Line(IEnumerable<(double X, double Y)> points, int series)
    {
        var path = new StringBuilder();
        foreach (var (x, y) in points)
        {
            path.Append(CultureInfo.InvariantCulture, $"{(path.Length == 0 ? 'M' : 'L')}{X(x):0.#} {Y(y):0.#}");
        }

        Raw($"<path class=\"{LineStyle(series)}\" d=\"{path}\"/>");
        return this;
    }

    /// <summary>Draws a dot.</summary>
    public SvgPlot Dot(double x, double y, int series, string tip, double radius = 4)
    {
        Raw($"<circle class=\"dot s{series % Styles}\" cx=\"{X(x):0.#}\" cy=\"{Y(y):0.#}\" r=\"{radius:0.#}\"><title>{Encode(tip)}</title></circle>");
        return this;
    }

    /// <summary>Draws a bar.</summary>
    public SvgPlot Bar(double fromX, double toX, double fromY, double toY, string style, string tip)
    {
        var (x, y) = (X(fromX), Y(toY));
        Raw($"<rect class=\"{style}\" x=\"{x + 1:0.#}\" y=\"{y:0.#}\" width=\"{Math.Max(0, X(toX) - x - 2):0.#}\" height=\"{Math.Max(0, Y(fromY) - y):0.#}\"><title>{Encode(tip)}</title></rect>");
        return this;
    }

    /// <summary>Draws a straight line of a style.</summary>
    public SvgPlot Rule(double fromX, double fromY, double toX, double toY, string style)
    {
        Raw($"<line class=\"{style}\" x1=\"{X(fromX):0.#}\" y1=\"{Y(fromY):0.#}\" x2=\"{X(toX):0.#}\" y2=\"{Y(toY):0.#}\"/>");
        return this;
    }

    /// <summary>Writes words at a place in user units.</summary>
    public SvgPlot Text(double x, double y, string text, string anchor, string style = "tick")
    {
        Raw($"<text class=\"{style}\" x=\"{x:0.#}\" y=\"{y:0.#}\" text-anchor=\"{anchor}\">{Encode(text)}</text>");
        return this;
    }

    /// <summary>Draws a shape through places in user units.</summary>
    public SvgPlot Polygon(IEnumerable<(double X, double Y)> places, string style, string tip)
    {
        var points = string.Join(' ', places.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.X:0.#},{p.Y:0.#}")));
        Raw($"<polygon class=\"{style}\" points=\"{points}\"><title>{Encode(tip)}</title></polygon>");
        return this;
    }

    /// <summary>The style of a series' line.</summary>
    public static string LineStyle(int series) => $"line s{series % Styles}";

    /// <summary>The chart.</summary>
    public override string ToString() => _svg + "</svg>";

    /// <summary>A share as a person writes it.</summary>
    public static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{Math.Round(share * 100):0}%");

    private static string Encode(string text) => WebUtility.HtmlEncode(text);

    /// <summary>Four to seven round values.</summary>
    private static IEnumerable<double> Ticks(double from, double to)
    {
        var rough = (to - from) / 5;
        var magnitude = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = s_roundSteps.Select(f => f * magnitude).First(s => s >= rough * 0.999);
        for (var i = (int)Math.Ceiling((from / step) - 1e-9); i * step <= to + (step * 1e-9); i++)
        {
            yield return i * step;
        }
    }

    private void Raw(FormattableString markup) => _svg.Append(markup.ToString(CultureInfo.InvariantCulture));
}
