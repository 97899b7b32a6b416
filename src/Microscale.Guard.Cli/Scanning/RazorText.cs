using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Microscale.Guard.Cli.Scanning;

/// <summary>Reads the C# of a Razor component as a class: its directives and its blocks of code.</summary>
/// <remarks>Markup, and the expressions in it, are left out. <c>#line</c> says where the code stands in the component.</remarks>
internal static partial class RazorText
{
    public const string Extension = ".razor";

    private const string Imports = "_Imports" + Extension;
    private const string UsingsOfAll =
        "using System; using System.Collections.Generic; using System.Linq; using System.Threading.Tasks; using Microsoft.AspNetCore.Components;\n";

    public static bool IsComponent(string file) =>
        Path.GetExtension(file).Equals(Extension, StringComparison.OrdinalIgnoreCase) && Path.GetFileName(file) != Imports;

    /// <summary>The class that a component is, as code.</summary>
    /// <param name="file">The component's path.</param>
    /// <param name="root">The folder up to which imports are looked for.</param>
    /// <param name="projectFile">The component's project, which names its namespace; null when there is none.</param>
    public static string ToCode(string file, string root, string? projectFile)
    {
        var text = WithoutComments(File.ReadAllText(file));
        string[] imports = [.. ImportsAbove(file, root).Select(f => WithoutComments(File.ReadAllText(f)))];
        var code = new StringBuilder(UsingsOfAll);
        foreach (var part in imports.Append(text))
        {
            code.AppendJoin('\n', Values(part, "using").Select(u => $"using {u};")).Append('\n');
        }

        var space = Values(text, "namespace").LastOrDefault() ?? NamespaceOf(file, imports, projectFile);
        var types = string.Join(", ", Values(text, "typeparam").Select(t => t.Split(' ')[0]));
        var bases = Values(text, "implements").Prepend(Values(text, "inherits").LastOrDefault() ?? "ComponentBase");
        code.Append(CultureInfo.InvariantCulture, $"namespace {space}\n{{\npublic partial class {Identifier(Path.GetFileNameWithoutExtension(file))}{(types.Length > 0 ? $"<{types}>" : "")} : {string.Join(", ", bases)}\n{{\n");
        foreach (Match injected in Inject().Matches(text))
        {
            Append(code, file, text, injected.Index, $"[Inject] public {injected.Groups["type"].Value} {injected.Groups["name"].Value} {{ get; set; }} = default!;");
        }

        foreach (Match block in Block().Matches(text))
        {
            var start = block.Index + block.Length;
            Append(code, file, text, start, text[start..EndOf(text, start)]);
        }

        return code.Append("#line default\n}\n}\n").ToString();
    }

    /// <summary>Adds code in the column where it stands in the component.</summary>
    private static void Append(StringBuilder code, string file, string text, int position, string part)
    {
        var lineStart = position == 0 ? 0 : text.LastIndexOf('\n', position - 1) + 1;
        code.Append(CultureInfo.InvariantCulture, $"#line {text.AsSpan(0, position).Count('\n') + 1} \"{file}\"\n")
            .Append(' ', position - lineStart).Append(part).Append('\n');
    }

    /// <summary>Where a block's code ends: the compiler's own tokens tell braces from those in text and comments.</summary>
    private static int EndOf(string text, int start)
    {
        var depth = 1;
        foreach (var token in SyntaxFactory.ParseTokens(text, start, initialTokenPosition: start))
        {
            depth += token.Kind() switch { SyntaxKind.OpenBraceToken => 1, SyntaxKind.CloseBraceToken => -1, _ => 0 };
            if (depth == 0)
            {
                return token.SpanStart;
            }
        }

        return text.Length;
    }

    /// <summary>Blanks comments out, with their lines kept.</summary>
    private static string WithoutComments(string text) =>
        Comment().Replace(text, c => string.Concat(c.Value.Select(character => character is '\n' or '\r' ? character : ' ')));

    private static IEnumerable<string> Values(string text, string directive) =>
        Directive().Matches(text).Where(d => d.Groups["name"].Value == directive).Select(d => d.Groups["value"].Value.TrimEnd(';', ' '));

    /// <summary>The files of imports that hold for a component, the outermost first.</summary>
    private static Stack<string> ImportsAbove(string file, string root)
    {
        var found = new Stack<string>();
        for (var folder = Path.GetDirectoryName(file); folder is not null && folder.StartsWith(root, StringComparison.Ordinal); folder = Path.GetDirectoryName(folder))
        {
            var imports = Path.Combine(folder, Imports);
            if (File.Exists(imports))
            {
                found.Push(imports);
            }
        }

        return found;
    }

    /// <summary>The namespace that the SDK gives: the imports', or the project's name and the folders below it, so that code
    /// beside the component is of the same class.</summary>
    private static string NamespaceOf(string file, string[] imports, string? projectFile)
    {
        if (imports.SelectMany(i => Values(i, "namespace")).LastOrDefault() is { } named)
        {
            return named;
        }

        var folder = Path.GetDirectoryName(file)!;
        string[] parts = projectFile is null
            ? ["Components"]
            : [.. Path.GetFileNameWithoutExtension(projectFile).Split('.'), .. Path.GetRelativePath(Path.GetDirectoryName(projectFile)!, folder).Split('/', '\\').Where(p => p != ".")];
        return string.Join('.', parts.SelectMany(p => p.Split('.')).Where(p => p.Length > 0).Select(Identifier));
    }

    private static string Identifier(string name)
    {
        var letters = string.Concat(name.Select(c => char.IsLetterOrDigit(c) || c == '_' ? c : '_'));
        return char.IsDigit(letters[0]) ? "_" + letters : letters;
    }

    [GeneratedRegex(@"@\*.*?\*@", RegexOptions.Singleline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"^[ \t\uFEFF]*@(?<name>using|namespace|inherits|implements|typeparam)[ \t]+(?<value>[^\r\n(][^\r\n]*?)[ \t]*\r?$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Directive();

    [GeneratedRegex(@"^[ \t\uFEFF]*@inject[ \t]+(?<type>[^\r\n]+?)[ \t]+(?<name>\w+)[ \t]*;?[ \t]*\r?$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Inject();

    [GeneratedRegex(@"^[ \t\uFEFF]*@(code|functions)\s*\{", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Block();
}
