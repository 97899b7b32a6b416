using System.Text;
using Spectre.Console;

namespace Microscale.Guard.Samples.Quickstart;

/// <summary>Consoles for the terminal and for files.</summary>
internal static class Consoles
{
    /// <summary>The width of text that goes to a file or a pipe, in columns.</summary>
    public const int RedirectedWidth = 100;

    /// <summary>Standard output, in colour on a terminal and as plain text of a fixed width elsewhere.</summary>
    public static IAnsiConsole Output()
    {
        if (!Console.IsOutputRedirected)
        {
            return AnsiConsole.Console;
        }

        return Plain(new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true });
    }

    /// <summary>A console that writes plain text.</summary>
    public static IAnsiConsole Plain(TextWriter writer, int width = RedirectedWidth)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = width;
        console.Profile.Capabilities.Unicode = true;
        return console;
    }
}
