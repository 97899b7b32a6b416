using Microsoft.CodeAnalysis;

namespace Microscale.Guard.Cli.Scanning;

/// <summary>What a rule found.</summary>
/// <param name="Rule">The rule's id.</param>
/// <param name="Severity">How bad it is, after the severities of .editorconfig files.</param>
/// <param name="File">The full path of the file.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="EndLine">From 1.</param>
/// <param name="EndColumn">From 1, after the last character.</param>
/// <param name="Message">What was found, in words.</param>
internal sealed record Finding(
    string Rule, DiagnosticSeverity Severity, string File, int Line, int Column, int EndLine, int EndColumn, string Message)
{
    public static Finding From(Diagnostic diagnostic)
    {
        // What a page or a template says with #line is where a person looks.
        var span = diagnostic.Location.GetMappedLineSpan();
        return new(
            diagnostic.Id,
            diagnostic.Severity,
            Path.GetFullPath(span.Path),
            span.StartLinePosition.Line + 1,
            span.StartLinePosition.Character + 1,
            span.EndLinePosition.Line + 1,
            span.EndLinePosition.Character + 1,
            diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture));
    }
}

/// <summary>A project, or loose sources, that was looked at.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Files">How many files it has.</param>
/// <param name="Loose">Why it was read as loose sources; null when its project could be loaded.</param>
internal sealed record ScannedProject(string Name, int Files, string? Loose);

/// <summary>What a scan gives.</summary>
/// <param name="Root">The folder that paths are shown relative to.</param>
internal sealed record ScanResult(string Root, IReadOnlyList<Finding> Findings, IReadOnlyList<ScannedProject> Projects)
{
    /// <summary>The path of a finding's file below <see cref="Root"/>, with slashes.</summary>
    public string PlaceOf(Finding finding) => Path.GetRelativePath(Root, finding.File).Replace('\\', '/');
}
