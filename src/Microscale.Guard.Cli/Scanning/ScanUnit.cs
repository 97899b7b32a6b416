using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Microscale.Guard.Cli.Scanning;

/// <summary>Code that is compiled and analyzed together.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Compilation">The code.</param>
/// <param name="Options">Its .editorconfig.</param>
/// <param name="Loose">Why it was read as loose sources; null for a loaded project.</param>
internal sealed record ScanUnit(string Name, Compilation Compilation, AnalyzerOptions Options, string? Loose);
