using System.Globalization;
using System.Text.Json;

namespace Microscale.Guard.Evaluation;

/// <summary>The fields of one row of a file, and where it stands.</summary>
internal abstract class RowFields(RowPlace place, IDictionary<string, string> names)
{
    /// <summary>Where the row stands.</summary>
    public RowPlace Place => place;

    /// <summary>Whether the row has a field, be it empty.</summary>
    public bool Has(string field) => ReadNames().Contains(NameOf(field));

    /// <summary>A text that must be there and say something.</summary>
    public string Text(string field) => FindText(field) is not { } text
        ? throw Missing(field)
        : string.IsNullOrWhiteSpace(text) ? throw Bad(field, "is empty") : text;

    /// <summary>A text that may be missing.</summary>
    public string? FindText(string field) => ReadText(NameOf(field), field);

    /// <summary>True or false, which must be there.</summary>
    public bool Flag(string field) => FindFlag(field) ?? throw Missing(field);

    /// <summary>True or false; null when it is missing.</summary>
    public bool? FindFlag(string field) => ReadFlag(NameOf(field), field);

    /// <summary>A number; null when it is missing.</summary>
    public double? FindNumber(string field) => FindText(field) is not { } text ? null
        : double.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number
        : throw Bad(field, $"says '{Shorten(text)}': write a number");

    /// <summary>A list of texts; empty when it is missing.</summary>
    public IReadOnlyList<string> Texts(string field) => ReadTexts(NameOf(field), field);

    /// <summary>A JSON value that must be there.</summary>
    public JsonElement Json(string field) => ReadJson(NameOf(field), field) ?? throw Missing(field);

    /// <summary>What is to be thrown where a field says what it cannot.</summary>
    public InvalidDataException Bad(string field, string what) =>
        place.Bad($"the field {(NameOf(field) == field ? $"'{field}'" : $"'{NameOf(field)}' (for '{field}')")} {what}.");

    /// <summary>What is to be thrown where a field is missing.</summary>
    public InvalidDataException Missing(string field) => Bad(
        field, $"is missing; the row has {string.Join(", ", ReadNames().Select(n => $"'{n}'").DefaultIfEmpty("no fields"))}. Add it, or say what it is called there ({nameof(DatasetOptions)}.{nameof(DatasetOptions.Fields)})");

    protected abstract string? ReadText(string name, string field);

    protected abstract bool? ReadFlag(string name, string field);

    protected abstract IReadOnlyList<string> ReadTexts(string name, string field);

    protected abstract JsonElement? ReadJson(string name, string field);

    /// <summary>The names that the row has.</summary>
    protected abstract IEnumerable<string> ReadNames();

    protected bool ParseFlag(string text, string field) => text.Trim().ToUpperInvariant() switch
    {
        "TRUE" or "YES" or "1" => true,
        "FALSE" or "NO" or "0" => false,
        _ => throw Bad(field, $"says '{Shorten(text)}': write true or false (or yes and no, 1 and 0)"),
    };

    protected static string Shorten(string text) => text.Length <= 40 ? text : $"{text.AsSpan(0, 40)}…";

    private string NameOf(string field) => names.TryGetValue(field, out var name) ? name : field;
}
