using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Microscale.Guard.Cli.Scanning;

/// <summary>The .editorconfig files that hold for loose sources.</summary>
internal sealed class EditorConfig
{
    private EditorConfig(AnalyzerConfigSet files)
    {
        Options = new AnalyzerOptions([], new OptionsProvider(files));
        Severities = new SeverityProvider(files);
    }

    /// <summary>The settings of rules.</summary>
    public AnalyzerOptions Options { get; }

    /// <summary>The severities of rules.</summary>
    public SyntaxTreeOptionsProvider Severities { get; }

    public static EditorConfig For(IEnumerable<SyntaxTree> trees)
    {
        var files = trees.Select(t => Path.GetDirectoryName(t.FilePath))
            .Distinct()
            .SelectMany(Above)
            .Distinct(StringComparer.Ordinal)
            .Select(file => AnalyzerConfig.Parse(SourceText.From(File.ReadAllText(file)), file));
        return new EditorConfig(AnalyzerConfigSet.Create(files.ToImmutableArray()));
    }

    private static IEnumerable<string> Above(string? folder)
    {
        for (; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            var file = Path.Combine(folder, ".editorconfig");
            if (File.Exists(file))
            {
                yield return file;
            }
        }
    }

    private sealed class OptionsProvider(AnalyzerConfigSet files) : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new Values(files.GlobalConfigOptions.AnalyzerOptions);

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => For(tree.FilePath);

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => For(textFile.Path);

        private Values For(string path) => new(path.Length == 0 ? ImmutableDictionary<string, string>.Empty : files.GetOptionsForSourcePath(path).AnalyzerOptions);
    }

    private sealed class Values(ImmutableDictionary<string, string> values) : AnalyzerConfigOptions
    {
        public override IEnumerable<string> Keys => values.Keys;

        public override bool TryGetValue(string key, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? value) => values.TryGetValue(key, out value);
    }

    private sealed class SeverityProvider(AnalyzerConfigSet files) : SyntaxTreeOptionsProvider
    {
        public override GeneratedKind IsGenerated(SyntaxTree tree, CancellationToken cancellationToken) => GeneratedKind.Unknown;

        public override bool TryGetDiagnosticValue(SyntaxTree tree, string diagnosticId, CancellationToken cancellationToken, out ReportDiagnostic severity)
        {
            severity = ReportDiagnostic.Default;
            return tree.FilePath.Length > 0 && files.GetOptionsForSourcePath(tree.FilePath).TreeOptions.TryGetValue(diagnosticId, out severity);
        }

        public override bool TryGetGlobalDiagnosticValue(string diagnosticId, CancellationToken cancellationToken, out ReportDiagnostic severity) =>
            files.GlobalConfigOptions.TreeOptions.TryGetValue(diagnosticId, out severity);
    }
}
