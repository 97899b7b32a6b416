using System.Text;
using System.Text.Json;

namespace Microscale.Guard.Evaluation;

/// <summary>The file in which a run keeps what is done, line by line, so that one that was killed goes on where it ended.</summary>
/// <remarks>JSON lines, only ever appended to: first what is measured, then an item for each row and pipeline, in the order in which
/// they ended. A last line that was cut off is taken away. Not safe for concurrent callers.</remarks>
internal sealed class RunJournal : IDisposable
{
    /// <summary>The version of the format.</summary>
    public const int CurrentVersion = 1;

    private readonly FileStream _file;
    private readonly MemoryStream _line = new();

    private RunJournal(FileStream file) => _file = file;

    /// <summary>Begins a journal, or goes on with one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="run">What is measured.</param>
    /// <param name="done">Gets each item that is there already.</param>
    /// <exception cref="InvalidDataException">The file is no journal, or that of another run.</exception>
    public static RunJournal Open(string path, RunDescription run, Action<EvaluationItem> done)
    {
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        try
        {
            file.SetLength(EndOfLastLine(file));
            var known = ReadLines(file, path, done);
            if (known?.Mismatch(run) is { } mismatch)
            {
                throw new InvalidDataException($"{path} cannot be resumed: {mismatch}. Name another file, or delete it.");
            }

            file.Seek(0, SeekOrigin.End);
            var journal = new RunJournal(file);
            if (known?.IsSameAs(run) is not true)
            {
                journal.Append(new JournalLine { Run = run });
            }

            return journal;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads a journal, also while it is being written.</summary>
    /// <param name="path">The file.</param>
    /// <param name="done">Gets each item.</param>
    /// <returns>What the run measures.</returns>
    /// <exception cref="InvalidDataException">The file is no journal.</exception>
    public static RunDescription Read(string path, Action<EvaluationItem> done)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return ReadLines(file, path, done, EndOfLastLine(file)) ?? throw new InvalidDataException($"{path} is empty: it is no journal of a run.");
    }

    /// <summary>Keeps an item. It is in the hands of the operating system when this returns.</summary>
    public void Append(EvaluationItem item) => Append(new JournalLine { Item = item });

    /// <inheritdoc/>
    public void Dispose()
    {
        _file.Dispose();
        _line.Dispose();
    }

    private void Append(JournalLine line)
    {
        // One write a line, so that a kill leaves whole lines, and one in part at most.
        _line.SetLength(0);
        using (var writer = new Utf8JsonWriter(_line))
        {
            JsonSerializer.Serialize(writer, line, RunJsonContext.Default.JournalLine);
        }

        _line.WriteByte((byte)'\n');
        _file.Write(_line.GetBuffer().AsSpan(0, (int)_line.Length));
        _file.Flush();
    }

    /// <summary>The latest description; null when there is no line.</summary>
    private static RunDescription? ReadLines(FileStream file, string path, Action<EvaluationItem> done, long length = long.MaxValue)
    {
        file.Seek(0, SeekOrigin.Begin);
        using var reader = new StreamReader(file, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, leaveOpen: true);
        RunDescription? run = null;
        var number = 0;
        long read = 0;
        while (read < length && reader.ReadLine() is { } text)
        {
            number++;
            read += Encoding.UTF8.GetByteCount(text) + 1;
            var line = Parse(text, path, number);
            run = line.Run ?? run;
            if (run is null)
            {
                throw new InvalidDataException($"{path}({number}) is no journal of a run: its first line does not say what is measured.");
            }

            if (line.Item is { } item)
            {
                done(item);
            }
        }

        return run;
    }

    private static JournalLine Parse(string text, string path, int number)
    {
        try
        {
            if (JsonSerializer.Deserialize(text, RunJsonContext.Default.JournalLine) is { } line && (line.Run is null) != (line.Item is null))
            {
                return line;
            }
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{path}({number}) is no line of a journal: {exception.Message} Name another file, or delete it.", exception);
        }

        throw new InvalidDataException($"{path}({number}) is no line of a journal. Name another file, or delete it.");
    }

    private static long EndOfLastLine(FileStream file)
    {
        for (var end = file.Length; end > 0; end--)
        {
            file.Seek(end - 1, SeekOrigin.Begin);
            if (file.ReadByte() == '\n')
            {
                return end;
            }
        }

        return 0;
    }
}
