namespace Microscale.Guard.Samples.Tests;

public class ReadmeTests
{
    private const string Begin = "// <readme>";
    private const string End = "// </readme>";

    [Fact]
    public void Readme_CallSite_IsTheCodeThatIsCompiled()
    {
        var code = Dedent(Between(Read("ReadmeSnippet.cs"), Begin, End));
        var shown = Between(Read("README.md"), "<!-- call-site -->\n```csharp\n", "```\n<!-- /call-site -->");

        Assert.Equal(code, shown);
    }

    [Fact]
    public void Readme_Output_IsWhatTheQuickstartAsks()
    {
        var shown = Between(Read("README.md"), "<!-- quickstart-output -->", "<!-- /quickstart-output -->");

        Assert.All(Quickstart.Questions.All, q => Assert.Contains(q.Text, shown, StringComparison.Ordinal));
    }

    private static string Read(string name)
    {
        using var reader = new StreamReader(typeof(ReadmeTests).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    private static string Between(string text, string begin, string end)
    {
        var start = text.IndexOf(begin, StringComparison.Ordinal);
        var stop = text.IndexOf(end, StringComparison.Ordinal);
        Assert.True(start >= 0 && stop > start, $"Nothing stands between '{begin}' and '{end}'.");
        return text[(start + begin.Length)..stop];
    }

    /// <summary>The lines without the indentation of the first.</summary>
    private static string Dedent(string code)
    {
        var lines = code.TrimEnd().TrimStart('\n').Split('\n');
        var indentation = lines[0].Length - lines[0].TrimStart().Length;
        return string.Concat(lines.Select(l => (l.Length >= indentation ? l[indentation..] : l.TrimStart()) + "\n"));
    }
}
