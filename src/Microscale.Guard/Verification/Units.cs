using System.Collections.Frozen;

namespace Microscale.Guard;

/// <summary>Units of measurement, by their names and signs in English text.</summary>
internal static class Units
{
    private static readonly FrozenDictionary<string, Unit> Names = Build().ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>A regular expression for the names, longest first.</summary>
    public const string Pattern =
        @"square\s(?:kilomet(?:er|re)s?|met(?:er|re)s?|miles?|feet|foot)|cubic\smet(?:er|re)s?|kilomet(?:er|re)s?|centimet(?:er|re)s?|millimet(?:er|re)s?|met(?:er|re)s?|"
        + @"kilograms?|kilogrammes?|milligrams?|grams?|grammes?|tonnes?|millilit(?:er|re)s?|lit(?:er|re)s?|hectares?|acres?|miles?|yards?|feet|foot|inch(?:es)?|"
        + @"ounces?|milliseconds?|seconds?|minutes?|hours?|days?|weeks?|months?|years?|kilowatts?|megawatts?|gigawatts?|watts?|volts?|"
        + @"kilobytes?|megabytes?|gigabytes?|terabytes?|km/h|kph|mph|km²|m²|m³|km|cm|mm|kg|mg|ml|kW|MW|GW|KB|MB|GB|TB|lbs?|oz|ft|mi|yd|ha|ms|"
        + @"°\s?C|°\s?F|degrees\s(?:Celsius|Fahrenheit)|m|g|l|h|s|dollars?|euros?|yen";

    /// <summary>Finds a unit by its name or sign.</summary>
    public static Unit? Find(ReadOnlySpan<char> name)
    {
        Span<char> key = stackalloc char[32];
        if (name.Length > key.Length)
        {
            return null;
        }

        var length = 0;
        foreach (var c in name)
        {
            if (!char.IsWhiteSpace(c))
            {
                key[length++] = c;
            }
        }

        var names = Names.GetAlternateLookup<ReadOnlySpan<char>>();
        ReadOnlySpan<char> exact = key[..length];
        if (names.TryGetValue(exact, out var unit))
        {
            return unit;
        }

        Span<char> lower = stackalloc char[32];
        exact.ToLowerInvariant(lower);
        lower = lower[..length];
        return names.TryGetValue(lower, out unit) || (lower is [.., 's'] && names.TryGetValue(lower[..^1], out unit)) ? unit : null;
    }

    private static Dictionary<string, Unit> Build()
    {
        var units = new Dictionary<string, Unit>();
        Add("length", true, "mm millimeter millimetre", 0.001m);
        Add("length", true, "cm centimeter centimetre", 0.01m);
        Add("length", true, "m meter metre", 1);
        Add("length", true, "km kilometer kilometre", 1000);
        Add("length", false, "in inch inche", 0.0254m);
        Add("length", false, "ft foot feet", 0.3048m);
        Add("length", false, "yd yard", 0.9144m);
        Add("length", false, "mi mile", 1609.344m);
        Add("mass", true, "mg milligram", 0.000001m);
        Add("mass", true, "g gram gramme", 0.001m);
        Add("mass", true, "kg kilogram kilogramme", 1);
        Add("mass", true, "tonne", 1000);
        Add("mass", false, "lb", 0.45359237m);
        Add("mass", false, "oz ounce", 0.028349523125m);
        Add("volume", true, "ml milliliter millilitre", 0.001m);
        Add("volume", true, "l liter litre", 1);
        Add("volume", true, "m³ cubicmeter cubicmetre", 1000);
        Add("area", true, "m² squaremeter squaremetre", 1);
        Add("area", true, "ha hectare", 10_000);
        Add("area", true, "km² squarekilometer squarekilometre", 1_000_000);
        Add("area", false, "acre", 4046.8564224m);
        Add("area", false, "squarefoot squarefeet", 0.09290304m);
        Add("area", false, "squaremile", 2_589_988.110336m);
        Add("time", true, "ms millisecond", 0.001m);
        Add("time", true, "s second", 1);
        Add("time", true, "minute", 60);
        Add("time", true, "h hour", 3600);
        Add("time", true, "day", 86_400);
        Add("time", true, "week", 604_800);
        Add("calendar", true, "month", 1);
        Add("calendar", true, "year", 12);
        Add("speed", true, "km/h kph", 1);
        Add("speed", false, "mph", 1.609344m);
        Add("power", true, "watt", 1);
        Add("power", true, "kW kilowatt", 1000);
        Add("power", true, "MW megawatt", 1_000_000);
        Add("power", true, "GW gigawatt", 1_000_000_000);
        Add("voltage", true, "volt", 1);
        Add("data", true, "KB kilobyte", 1000);
        Add("data", true, "MB megabyte", 1_000_000);
        Add("data", true, "GB gigabyte", 1_000_000_000);
        Add("data", true, "TB terabyte", 1_000_000_000_000);
        Add("temperature", true, "°C °c degreesCelsius degreescelsius", 1);
        Add("temperature", false, "°F °f degreesFahrenheit degreesfahrenheit", 5 / 9m, -160 / 9m);
        Add("dollar", true, "$ dollar", 1);
        Add("euro", true, "€ euro", 1);
        Add("sterling", true, "£", 1);
        Add("yen", true, "¥ yen", 1);
        return units;

        void Add(string dimension, bool isDecimal, string names, decimal factor, decimal offset = 0)
        {
            foreach (var name in names.Split(' '))
            {
                units[name] = new Unit(dimension, factor, offset, isDecimal);
            }
        }
    }
}

/// <summary>A unit: a value in it is <c>factor · value + offset</c> in the base unit of its dimension.</summary>
/// <param name="Dimension">What it measures; only values of one dimension compare.</param>
/// <param name="Factor">The base units in one of it.</param>
/// <param name="Offset">The base units at its zero.</param>
/// <param name="IsExact">Whether texts convert it without rounding, as kilometres to metres; not so miles to kilometres.</param>
internal sealed record Unit(string Dimension, decimal Factor, decimal Offset, bool IsExact);

/// <summary>A number with its unit, in base units.</summary>
/// <param name="Unit">The unit that is written.</param>
/// <param name="Value">The value in base units.</param>
/// <param name="Rounding">Half of one in the last place that is written, in base units.</param>
internal sealed record Quantity(Unit Unit, decimal Value, decimal Rounding)
{
    /// <summary>Whether both say the same: exactly, or up to rounding where a conversion rounds.</summary>
    public bool IsSame(Quantity other)
    {
        if (Unit.Dimension != other.Unit.Dimension)
        {
            return false;
        }

        var tolerance = Unit == other.Unit || (Unit.IsExact && other.Unit.IsExact) ? 0 : Math.Max(Rounding, other.Rounding);
        return Math.Abs(Value - other.Value) <= tolerance;
    }
}
