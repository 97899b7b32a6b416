using System.CommandLine;
using System.Globalization;
using Microscale.Guard.Cli.Output;
using Microscale.Guard.Cli.Scanning;
using Microsoft.CodeAnalysis;
using Spectre.Console;

namespace Microscale.Guard.Cli.Commands;

/// <summary><c>microscale scan</c>: the analyzer's rules over code that does not have the analyzer.</summary>
internal sealed class ScanCommand : CliCommand
{
    private readonly Argument<string> _path = new("path")
    {
        Description = "A solution, a project, a folder or a file of C#.",
        DefaultValueFactory = _ => ".",
    };

    private readonly Option<DiagnosticSeverity> _severity = Severity("--severity", "Report what is at least this severe: info (the default), warning or error.", DiagnosticSeverity.Info);

    private readonly Option<DiagnosticSeverity> _failOn = Severity("--fail-on", "End with exit code 1 when something is at least this severe: info, warning (the default) or error.", DiagnosticSeverity.Warning);

    private readonly Option<FileInfo?> _sarif = new("--sarif") { Description = "Write the findings to this file as SARIF 2.1.0.", HelpName = "file" };

    private readonly Option<bool> _loose = new("--loose") { Description = "Read loose sources, without loading projects." };

    private readonly Option<bool> _json = CommonOptions.Json();

    public ScanCommand(Terminal terminal)
        : base(
            terminal,
            "scan",
            "Finds model calls that go around the guard, and guards that are set up wrongly; exit code 1 when there are any.",
            new CommandExample("scan", "the solution or the projects of this folder"),
            new CommandExample("scan Shop.slnx --severity warning --sarif guard.sarif", "for a build server"),
            new CommandExample("scan samples/ --loose", "sources without projects"))
    {
        Arguments.Add(_path);
        Options.Add(_severity);
        Options.Add(_failOn);
        Options.Add(_sarif);
        Options.Add(_loose);
        Options.Add(_json);
    }

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var scan = await Terminal.WaitAsync(
            "Scanning", progress => CodeScanner.ScanAsync(arguments.GetValue(_path)!, arguments.GetValue(_loose), progress, cancellationToken));
        var severity = arguments.GetValue(_severity);
        var failOn = arguments.GetValue(_failOn);
        var fails = scan.Findings.Any(f => f.Severity >= failOn);
        scan = scan with { Findings = [.. scan.Findings.Where(f => f.Severity >= severity)] };
        if (arguments.GetValue(_sarif) is { } sarif)
        {
            sarif.Directory!.Create();
            await using var file = sarif.Create();
            SarifLog.Write(file, scan);
        }

        if (arguments.GetValue(_json))
        {
            await Terminal.WriteJsonAsync(ScanReport.From(scan), CliJsonContext.Default.ScanReport);
        }
        else
        {
            WriteTable(scan);
        }

        return fails ? ExitCodes.CheckFailed : ExitCodes.Success;
    }

    private static Option<DiagnosticSeverity> Severity(string name, string description, DiagnosticSeverity value) => new(name)
    {
        Description = description,
        HelpName = "info|warning|error",
        DefaultValueFactory = _ => value,
    };

    private void WriteTable(ScanResult scan)
    {
        var table = new Table().AddColumns("Severity", "Rule", "Place", "Finding");
        foreach (var finding in scan.Findings)
        {
            table.AddRow(
                new Text(Printable.Words(finding.Severity), new Style(finding.Severity switch
                {
                    DiagnosticSeverity.Error => Color.Red,
                    DiagnosticSeverity.Warning => Color.Yellow,
                    _ => Color.Default,
                })),
                new Text(finding.Rule),
                Printable.Cell(string.Create(CultureInfo.InvariantCulture, $"{scan.PlaceOf(finding)}:{finding.Line}:{finding.Column}")),
                Printable.Cell(finding.Message));
        }

        if (scan.Findings.Count > 0)
        {
            Terminal.Console.Write(table);
        }

        var counts = string.Join(", ", scan.Findings.CountBy(f => f.Severity).OrderByDescending(c => c.Key).Select(c => $"{c.Value} {Printable.Words(c.Key)}"));
        Terminal.Output.WriteLine(
            $"{scan.Findings.Count} findings{(counts.Length > 0 ? $" ({counts})" : "")} in {scan.Projects.Sum(p => p.Files)} files of {scan.Projects.Count} projects");
        foreach (var (reason, count) in scan.Projects.Select(p => p.Loose).OfType<string>().CountBy(loose => loose))
        {
            Terminal.Error.WriteLine($"Read as loose sources, {count}: {Printable.Of(reason)}");
        }
    }
}

/// <summary>What <c>scan --json</c> prints.</summary>
internal sealed record ScanReport(IReadOnlyList<ReportedFinding> Findings, IReadOnlyList<ScannedProject> Projects)
{
    public static ScanReport From(ScanResult scan) => new(
        [.. scan.Findings.Select(f => new ReportedFinding(f.Rule, Printable.Words(f.Severity), scan.PlaceOf(f), f.Line, f.Column, f.Message))],
        scan.Projects);
}

/// <summary>A finding with its path below the scanned folder.</summary>
internal sealed record ReportedFinding(string Rule, string Severity, string File, int Line, int Column, string Message);
