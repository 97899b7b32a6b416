using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;

namespace Microscale.Guard.Cli.Output;

/// <summary>Where a command writes: what it was asked for to <see cref="Output"/>, all else to <see cref="Error"/>.</summary>
internal sealed class Terminal
{
    /// <summary>How wide tables are where the output has no width of its own.</summary>
    private const int WidthOfFiles = 160;

    // Not for a page: an apostrophe may stay one.
    private static readonly JsonWriterOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private Terminal(TextWriter output, TextWriter error, IAnsiConsole console, IAnsiConsole progress) =>
        (Output, Error, Console, Progress) = (output, error, console, progress);

    /// <summary>Standard output.</summary>
    public TextWriter Output { get; }

    /// <summary>Standard error.</summary>
    public TextWriter Error { get; }

    /// <summary>Standard output for tables and colours.</summary>
    public IAnsiConsole Console { get; }

    /// <summary>Standard error for progress bars: they never mix with an answer.</summary>
    public IAnsiConsole Progress { get; }

    /// <summary>The terminal, or the files, that the process writes to.</summary>
    public static Terminal OfProcess()
    {
        // Answers hold any character; what a Windows console cannot show by its old code page would become a question mark.
        System.Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        return new(
            System.Console.Out,
            System.Console.Error,
            CreateConsole(System.Console.Out, System.Console.IsOutputRedirected),
            CreateConsole(System.Console.Error, System.Console.IsErrorRedirected));
    }

    /// <summary>Writes to writers, as if they were files.</summary>
    public static Terminal To(TextWriter output, TextWriter error) =>
        new(output, error, CreateConsole(output, isFile: true), CreateConsole(error, isFile: true));

    /// <summary>Prints one JSON value on a line of its own.</summary>
    public async Task WriteJsonAsync<T>(T value, JsonTypeInfo<T> type)
    {
        var buffer = new ArrayBufferWriter<byte>();
        await using (var writer = new Utf8JsonWriter(buffer, s_json))
        {
            JsonSerializer.Serialize(writer, value, type);
        }

        await Output.WriteLineAsync(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    /// <summary>Says what went wrong.</summary>
    public async Task WriteErrorAsync(string message) => await Error.WriteLineAsync("error: " + Printable.Of(message));

    /// <summary>Waits for something, with a sign of life on a terminal.</summary>
    public async Task<T> WaitAsync<T>(string what, Func<Task<T>> work) =>
        await WaitAsync(what, _ => work());

    /// <summary>Waits for something that says what it is doing.</summary>
    public async Task<T> WaitAsync<T>(string what, Func<IProgress<string>, Task<T>> work) => Progress.Profile.Capabilities.Interactive
        ? await Progress.Status().StartAsync(what + " …", context => work(new StatusText(context)))
        : await work(new StatusText(null));

    private static IAnsiConsole CreateConsole(TextWriter writer, bool isFile)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isFile ? AnsiSupport.No : AnsiSupport.Detect,
            Interactive = isFile ? InteractionSupport.No : InteractionSupport.Detect,
        });
        if (isFile)
        {
            console.Profile.Width = WidthOfFiles;
        }

        return console;
    }

    private sealed class StatusText(StatusContext? context) : IProgress<string>
    {
        public void Report(string value)
        {
            if (context is not null)
            {
                context.Status = Markup.Escape(Printable.Of(value)) + " …";
            }
        }
    }
}
