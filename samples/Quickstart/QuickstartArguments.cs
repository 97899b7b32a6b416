using System.Globalization;

namespace Microscale.Guard.Samples.Quickstart;

/// <summary>What the command line asks for.</summary>
internal sealed record QuickstartArguments
{
    /// <summary>The temperature of a run that has a seed and no temperature: without one a seed would change nothing.</summary>
    public const float SeededTemperature = 0.7f;

    public const string Usage = """
        Asks a small local model questions, bare and guarded, and shows both answers.

        dotnet run --project samples/Quickstart [-- [options] ["question" ...]]

          "question"          asked in place of the five built-in questions
          --stream            show the guarded answer sentence by sentence, as it is released
          --trace             print the activities and metrics of the guard
          --seed N            draw the tokens with this seed (at temperature 0.7 unless told)
          --temperature T     0 (the default) always takes the most probable token; at most 2
          --ollama URL        ask a model of an Ollama server in place of the local one ...
          --model NAME        ... by this name, as `ollama list` shows it
          --help              this text
        """;

    public IReadOnlyList<string> Questions { get; init; } = [];

    public bool Help { get; init; }

    public bool Stream { get; init; }

    public bool Trace { get; init; }

    public long? Seed { get; init; }

    public float Temperature { get; init; }

    public Uri? OllamaUrl { get; init; }

    public string? OllamaModel { get; init; }

    /// <summary>Reads a command line.</summary>
    /// <exception cref="ArgumentsException">It asks for something that cannot be.</exception>
    public static QuickstartArguments Parse(IReadOnlyList<string> args)
    {
        var words = new Queue<string>(args);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var parsed = new QuickstartArguments();
        List<string> questions = [];
        float? temperature = null;
        while (words.TryDequeue(out var word))
        {
            if (word.StartsWith("--", StringComparison.Ordinal) && !seen.Add(word))
            {
                throw new ArgumentsException($"{word} is given twice: give it once.");
            }

            switch (word)
            {
                case "--help" or "-h" or "-?":
                    parsed = parsed with { Help = true };
                    break;
                case "--stream":
                    parsed = parsed with { Stream = true };
                    break;
                case "--trace":
                    parsed = parsed with { Trace = true };
                    break;
                case "--seed":
                    parsed = parsed with { Seed = ReadSeed(Value(word, words)) };
                    break;
                case "--temperature":
                    temperature = ReadTemperature(Value(word, words));
                    break;
                case "--ollama":
                    parsed = parsed with { OllamaUrl = ReadUrl(Value(word, words)) };
                    break;
                case "--model":
                    parsed = parsed with { OllamaModel = Value(word, words) };
                    break;
                default:
                    questions.Add(ReadQuestion(word));
                    break;
            }
        }

        return Check(parsed with
        {
            Questions = questions,
            Temperature = temperature ?? (parsed.Seed is null ? 0 : SeededTemperature),
        });
    }

    private static QuickstartArguments Check(QuickstartArguments arguments) => arguments switch
    {
        { Help: true } => arguments,
        { OllamaUrl: not null, OllamaModel: null } => throw new ArgumentsException("--ollama needs --model: name a model of that server."),
        { OllamaUrl: null, OllamaModel: not null } => throw new ArgumentsException("--model needs --ollama: it names a model of an Ollama server, such as --ollama http://localhost:11434."),
        { Seed: not null, Temperature: 0 } => throw new ArgumentsException("--seed has no effect at --temperature 0: leave one of them out."),
        _ => arguments,
    };

    private static string Value(string option, Queue<string> words) =>
        words.TryDequeue(out var value) && !string.IsNullOrWhiteSpace(value) && !value.StartsWith("--", StringComparison.Ordinal)
            ? value
            : throw new ArgumentsException($"{option} needs a value after it.");

    private static long ReadSeed(string value) => long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seed)
        ? seed
        : throw new ArgumentsException($"--seed '{value}' is not a whole number.");

    private static float ReadTemperature(string value) =>
        float.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var temperature) && temperature is >= 0 and <= 2
            ? temperature
            : throw new ArgumentsException($"--temperature '{value}' is not a number from 0 to 2.");

    private static Uri ReadUrl(string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
            ? url
            : throw new ArgumentsException($"--ollama '{value}' is not an address such as http://localhost:11434.");

    private static string ReadQuestion(string word)
    {
        if (word.StartsWith('-'))
        {
            throw new ArgumentsException($"There is no option '{word}'; --help lists the options.");
        }

        return string.IsNullOrWhiteSpace(word) ? throw new ArgumentsException("A question is empty: put its words in quotes.") : word;
    }
}

/// <summary>The command line asks for something that cannot be; the message says what and what to do.</summary>
internal sealed class ArgumentsException(string message) : Exception(message);
