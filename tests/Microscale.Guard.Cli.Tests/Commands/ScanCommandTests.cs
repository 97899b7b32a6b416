using System.Text.Json;
using System.Text.RegularExpressions;

namespace Microscale.Guard.Cli.Tests.Commands;

public sealed partial class ScanCommandTests
{
    private const string Unguarded = """
        using Microsoft.Extensions.AI;
        using OllamaSharp;

        IChatClient client = new OllamaApiClient(new Uri("http://localhost:11434"), "llama3.2");
        Console.WriteLine(await client.GetResponseAsync("Why?"));
        """;

    private const string Guarded = """
        using Microscale.Guard;
        using Microsoft.Extensions.AI;
        using OllamaSharp;

        var client = new ChatClientBuilder(new OllamaApiClient(new Uri("http://localhost:11434"), "llama3.2"))
            .UseHallucinationGuard(guard => guard.VerifyWith(new FactsVerifier()))
            .Build();
        Console.WriteLine(await client.GetResponseAsync("Why?"));
        """;

    private static readonly string s_tour = Path.Combine(Root(), "samples", "AnalyzerTour");

    /// <summary>Through MSBuild where the sample is restored, else as loose sources: the findings are the same.</summary>
    [Theory]
    [InlineData("AnalyzerTour.slnx")]
    [InlineData("", "--loose")]
    public async Task Scan_AnalyzerTour_ReportsEachRuleWhereTheFilesSay(string file, params string[] options)
    {
        var run = await Tool.RunAsync(["scan", Path.Combine(s_tour, file), "--json", .. options]);

        Assert.True(run.Code == ExitCodes.CheckFailed, run.Error);
        var findings = JsonElement.Parse(run.Output).GetProperty("findings").EnumerateArray()
            .Select(f => $"{f.GetProperty("rule")} {f.GetProperty("file")}").Order(StringComparer.Ordinal);
        var expected = Directory.EnumerateFiles(s_tour, "*.cs")
            .SelectMany(f => Mark().Matches(File.ReadAllText(f)).Select(m => $"{m.Groups["id"]} {Path.GetFileName(f)}")).Order(StringComparer.Ordinal);
        Assert.Equal(expected, findings);
    }

    [Fact]
    public async Task Scan_RestoredProject_IsLoadedThroughMSBuild()
    {
        using var folder = new TemporaryFolder();
        folder.Write("App.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings><OutputType>Exe</OutputType></PropertyGroup>
            </Project>
            """);
        folder.Write("Program.cs", "Console.WriteLine(1);");
        folder.Write("obj/project.assets.json", """{"version":3,"targets":{"net10.0":{}},"libraries":{},"projectFileDependencyGroups":{"net10.0":[]},"packageFolders":{},"project":{"version":"1.0.0","frameworks":{"net10.0":{}}}}""");

        var run = await Tool.RunAsync("scan", folder.Path, "--json");

        Assert.True(run.Code == ExitCodes.Success, run.Error);
        var project = Assert.Single(JsonElement.Parse(run.Output).GetProperty("projects").EnumerateArray());
        Assert.Equal(("App", JsonValueKind.Null), (project.GetProperty("name").GetString(), project.GetProperty("loose").ValueKind));
    }

    [Fact]
    public async Task Scan_LooseRazorComponents_NamesTheirLines()
    {
        using var folder = new TemporaryFolder();
        folder.Write("App.csproj", """<Project Sdk="Microsoft.NET.Sdk.Web" />""");
        folder.Write("_Imports.razor", "@using Microsoft.Extensions.AI\n@using OllamaSharp\n");
        folder.Write("Pages/Chat.razor", """
            @page "/"
            @inject IChatClient Client
            @implements IDisposable
            @* @inject IChatClient Old
               @code { void Old() { } } *@
            <h1 class="@(answer is null ? "a" : "{")">@answer</h1>
            <button @onclick="AskAsync">Ask</button>

            @code {
                private const string Brace = "}"; // }
                private string? answer;

                private async Task AskAsync()
                {
                    answer = (await Client.GetResponseAsync($"Why {Brace}?")).Text;
                    answer += (await new OllamaApiClient("http://localhost:11434", "llama3.2").GetResponseAsync("Why?")).Text;
                }

                public void Dispose() { }
            }

            <p>After</p>
            @functions { async Task AgainAsync() => await Beside.GetResponseAsync("Why?"); }
            """);
        folder.Write("Pages/Chat.razor.cs", """
            using Microsoft.Extensions.AI;
            using OllamaSharp;

            namespace App.Pages;

            public partial class Chat
            {
                private readonly IChatClient Beside = new OllamaApiClient("http://localhost:11434", "llama3.2");
            }
            """);

        var run = await Tool.RunAsync("scan", folder.Path, "--loose", "--json", "--severity", "info");

        Assert.Equal(ExitCodes.CheckFailed, run.Code);
        var findings = JsonElement.Parse(run.Output).GetProperty("findings").EnumerateArray()
            .Select(f => $"{f.GetProperty("rule")} {f.GetProperty("file")}:{f.GetProperty("line")}:{f.GetProperty("column")}");
        Assert.Equal(["MSG002 Pages/Chat.razor:15:25", "MSG001 Pages/Chat.razor:16:26", "MSG001 Pages/Chat.razor:23:47"], findings);
    }

    [Fact]
    public async Task Scan_LooseFiles_TakesEachProgramForItself()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a/one.cs", Unguarded);
        folder.Write("b/two.cs", Unguarded.Replace("Why?", "What?", StringComparison.Ordinal));
        folder.Write("c/three.cs", Guarded);
        folder.Write("obj/four.cs", Unguarded);

        var run = await Tool.RunAsync("scan", folder.Path);

        Assert.Equal(ExitCodes.CheckFailed, run.Code);
        Assert.Contains("a/one.cs:5:", run.Output);
        Assert.Contains("b/two.cs:5:", run.Output);
        Assert.Contains("2 findings (2 warning)", run.Output);
    }

    [Fact]
    public async Task Scan_OneFile_ReportsIt()
    {
        using var folder = new TemporaryFolder();

        Assert.Equal(ExitCodes.CheckFailed, (await Tool.RunAsync("scan", folder.Write("one.cs", Unguarded))).Code);
        Assert.Equal(ExitCodes.Success, (await Tool.RunAsync("scan", folder.Write("two.cs", Guarded))).Code);
    }

    [Theory]
    [InlineData(ExitCodes.Success, 1)]
    [InlineData(ExitCodes.CheckFailed, 1, "--fail-on", "info")]
    [InlineData(ExitCodes.Success, 0, "--severity", "warning")]
    public async Task Scan_InfoOnly_FailsAndShowsByTheOptions(int code, int findings, params string[] options)
    {
        using var folder = new TemporaryFolder();
        folder.Write("c.cs", """
            using Microsoft.Extensions.AI;

            class C(IChatClient client)
            {
                public async Task<string> AskAsync() => (await client.GetResponseAsync("Why?")).Text;
            }
            """);

        var run = await Tool.RunAsync(["scan", folder.Path, .. options]);

        Assert.Equal(code, run.Code);
        Assert.Contains($"{findings} findings", run.Output);
    }

    [Fact]
    public async Task Scan_EditorConfig_SetsSeveritiesAndOptions()
    {
        using var folder = new TemporaryFolder();
        folder.Write("one.cs", Unguarded);
        folder.Write(".editorconfig", "root = true\n[*.cs]\ndotnet_diagnostic.MSG001.severity = error\n");

        Assert.Contains("1 error", (await Tool.RunAsync("scan", folder.Path)).Output);

        folder.Write(".editorconfig", "root = true\n[*.cs]\ndotnet_diagnostic.MSG001.severity = none\n");

        Assert.Equal(ExitCodes.Success, (await Tool.RunAsync("scan", folder.Path)).Code);
    }

    [Fact]
    public async Task Scan_Sarif_HasRulesResultsAndPlaces()
    {
        using var folder = new TemporaryFolder();
        folder.Write("my code/one.cs", Unguarded);
        var path = Path.Combine(folder.Path, "out", "guard.sarif");

        await Tool.RunAsync("scan", folder.Path, "--sarif", path);

        var log = JsonElement.Parse(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
        Assert.Equal("2.1.0", log.GetProperty("version").GetString());
        var run = log.GetProperty("runs")[0];
        var result = Assert.Single(run.GetProperty("results").EnumerateArray());
        Assert.Equal(("MSG001", "warning"), (result.GetProperty("ruleId").GetString(), result.GetProperty("level").GetString()));
        Assert.Equal("MSG001", run.GetProperty("tool").GetProperty("driver").GetProperty("rules")[result.GetProperty("ruleIndex").GetInt32()].GetProperty("id").GetString());
        var location = result.GetProperty("locations")[0].GetProperty("physicalLocation");
        Assert.Equal("my%20code/one.cs", location.GetProperty("artifactLocation").GetProperty("uri").GetString());
        Assert.Equal(5, location.GetProperty("region").GetProperty("startLine").GetInt32());
    }

    [Theory]
    [InlineData("/no/such/folder")]
    [InlineData("README.md")]
    public async Task Scan_NothingToScan_IsBadInput(string path)
    {
        using var folder = new TemporaryFolder();
        folder.Write("README.md", "");

        Assert.Equal(ExitCodes.BadInput, (await Tool.RunAsync("scan", Path.Combine(folder.Path, path))).Code);
        Assert.Equal(ExitCodes.BadInput, (await Tool.RunAsync("scan", folder.Path)).Code);
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Microscale.Guard.sln")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }

    [GeneratedRegex(@"// (?<id>MSG\d{3})$", RegexOptions.Multiline)]
    private static partial Regex Mark();
}
