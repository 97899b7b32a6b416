namespace Microscale.Guard.Grammar;

/// <summary>The formats of draft 2020-12 that are regular, as patterns of whole texts.</summary>
internal static class Formats
{
    private const string Year = @"\d{4}";

    /// <summary>Divisible by 4, but by 100 only if by 400 (RFC 3339, appendix C).</summary>
    private const string LeapYear = @"(?:\d\d(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)";

    private const string Date =
        $@"(?:{Year}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|02-(?:0[1-9]|1\d|2[0-8]))|{LeapYear}-02-29)";

    /// <summary>RFC 3339 full-time. A leap second is at the end of a day in UTC.</summary>
    private const string Time =
        @"(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:[Zz]|[+\-](?:[01]\d|2[0-3]):[0-5]\d)|23:59:60(?:\.\d+)?(?:[Zz]|[+\-]00:00))";

    private const string Label = @"[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?";
    private const string Hostname = $@"{Label}(?:\.{Label})*";
    private const string Octet = @"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)";
    private const string IPv4 = $@"{Octet}(?:\.{Octet}){{3}}";
    private const string Group = @"[0-9A-Fa-f]{1,4}";
    private const string Last = $@"(?:{Group}:{Group}|{IPv4})";

    /// <summary>RFC 3986, IPv6address.</summary>
    private const string IPv6 =
        $@"(?:(?:{Group}:){{6}}{Last}|::(?:{Group}:){{5}}{Last}|(?:{Group})?::(?:{Group}:){{4}}{Last}"
        + $@"|(?:(?:{Group}:){{0,1}}{Group})?::(?:{Group}:){{3}}{Last}|(?:(?:{Group}:){{0,2}}{Group})?::(?:{Group}:){{2}}{Last}"
        + $@"|(?:(?:{Group}:){{0,3}}{Group})?::{Group}:{Last}|(?:(?:{Group}:){{0,4}}{Group})?::{Last}"
        + $@"|(?:(?:{Group}:){{0,5}}{Group})?::{Group}|(?:(?:{Group}:){{0,6}}{Group})?::)";

    private const string Atom = @"[A-Za-z0-9!#$%&'*+/=?\^_`{|}~\-]+";
    private const string QuotedLocal = @"""(?:[ !#-\[\]-~]|\\[ -~])*""";
    private const string Email = $@"(?:{Atom}(?:\.{Atom})*|{QuotedLocal})@(?:{Hostname}|\[{IPv4}\]|\[IPv6:{IPv6}\])";

    private const string Escape = "%[0-9A-Fa-f]{2}";
    private const string PathCharacter = $@"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@]|{Escape})";
    private const string SegmentWithoutColon = $@"(?:[A-Za-z0-9\-._~!$&'()*+,;=@]|{Escape})+";
    private const string Segments = $@"(?:/{PathCharacter}*)*";
    private const string Authority =
        $@"(?:(?:[A-Za-z0-9\-._~!$&'()*+,;=:]|{Escape})*@)?(?:\[(?:{IPv6}|[Vv][0-9A-Fa-f]+\.[A-Za-z0-9\-._~!$&'()*+,;=:]+)\]|(?:[A-Za-z0-9\-._~!$&'()*+,;=]|{Escape})*)(?::\d*)?";

    private const string Tail = $@"(?:\?(?:{PathCharacter}|[/?])*)?(?:#(?:{PathCharacter}|[/?])*)?";
    private const string Absolute = $@"/(?:{PathCharacter}+{Segments})?";
    private const string Uri = $@"[A-Za-z][A-Za-z0-9+\-.]*:(?://{Authority}{Segments}|{Absolute}|{PathCharacter}+{Segments}|){Tail}";
    private const string RelativeUri = $@"(?://{Authority}{Segments}|{Absolute}|{SegmentWithoutColon}{Segments}|){Tail}";

    private const string TimeParts = @"T(?:\d+H(?:\d+M(?:\d+S)?)?|\d+M(?:\d+S)?|\d+S)";

    /// <summary>RFC 3339, appendix A.</summary>
    private const string Duration = $@"P(?:\d+W|(?:\d+Y(?:\d+M(?:\d+D)?)?|\d+M(?:\d+D)?|\d+D)(?:{TimeParts})?|{TimeParts})";

    private const string JsonPointer = "(?:/(?:[^~/]|~[01])*)*";

    /// <summary>The pattern of a format, or null for one that is unknown or not regular.</summary>
    public static string? Pattern(string format) => format switch
    {
        "date" => Date,
        "time" => Time,
        "date-time" => $"{Date}[Tt]{Time}",
        "duration" => Duration,
        "email" => Email,
        "hostname" => $"(?:{Hostname})",
        "ipv4" => IPv4,
        "ipv6" => IPv6,
        "uuid" => "[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}",
        "uri" => Uri,
        "uri-reference" => $"(?:{Uri}|{RelativeUri})",
        "json-pointer" => JsonPointer,
        "relative-json-pointer" => $@"(?:0|[1-9]\d*)(?:#|{JsonPointer})",
        _ => null,
    };

    /// <summary>The characters of a format at most.</summary>
    public static int MaxLength(string format) => format == "hostname" ? 253 : RegexNode.Unbounded;
}
