using System.CommandLine;

namespace Microscale.Guard.Cli.Commands;

/// <summary>Options that several commands share.</summary>
internal static class CommonOptions
{
    public static Option<bool> Json() => new("--json") { Description = "Print one JSON object to standard output, for machines." };
}
