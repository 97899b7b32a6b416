using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;

namespace Microscale.Guard.Onnx;

/// <summary>Compares the files of a model folder with its SHA256SUMS (the format of sha256sum: a digest in hexadecimal, two
/// spaces or a space and an asterisk, a name).</summary>
internal static class ModelChecksums
{
    public const string FileName = "SHA256SUMS";

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdefABCDEF");

    private const int BufferSize = 256 * 1024;

    // By folder, and by the name, size and time of its files. Concurrent callers wait for one reading of them.
    private static readonly ConcurrentDictionary<string, Lazy<string[]>> WrongFiles = new(StringComparer.Ordinal);

    /// <summary>Checks a folder.</summary>
    /// <param name="folder">Its full path.</param>
    /// <param name="contents">Whether the content of the files is checked, not only their presence.</param>
    /// <exception cref="ModelFolderException">Files are missing or wrong.</exception>
    public static void Check(string folder, bool contents)
    {
        var expected = Read(folder);
        FileInfo[] files = [.. expected.Keys.Select(name => new FileInfo(Path.Combine(folder, name)))];
        string[] missing = [.. files.Where(f => !f.Exists).Select(f => f.Name)];
        string[] wrong = contents ? FindWrong(folder, files, expected) : [];
        if (missing.Length + wrong.Length > 0)
        {
            throw ModelFolderException.For(folder, missing, wrong);
        }
    }

    /// <summary>The checksum of a folder's checksums, which is that of its files; null when it has none.</summary>
    public static string? Fingerprint(string folder) =>
        Path.Combine(folder, FileName) is var path && File.Exists(path) ? Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))) : null;

    private static string[] FindWrong(string folder, FileInfo[] files, Dictionary<string, string> expected)
    {
        FileInfo[] present = [.. files.Where(f => f.Exists)];
        var key = string.Join('|', [folder, .. present.Select(f => string.Create(
            CultureInfo.InvariantCulture, $"{f.Name}:{f.Length}:{f.LastWriteTimeUtc.Ticks}:{expected[f.Name]}"))]);
        var wrong = WrongFiles.GetOrAdd(key, _ => new Lazy<string[]>(() =>
        {
            var right = new bool[present.Length];
            Parallel.For(0, present.Length, i => right[i] = HashOrNull(present[i].FullName) == expected[present[i].Name]);
            return [.. present.Where((_, i) => !right[i]).Select(f => f.Name)];
        })).Value;
        if (wrong.Length > 0)
        {
            // What is at fault is read again next time.
            WrongFiles.TryRemove(key, out _);
        }

        return wrong;
    }

    // Null when the file cannot be read, which is as wrong as another content.
    private static string? HashOrNull(string path)
    {
        try
        {
            return Hash(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string Hash(string path)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var file = File.OpenHandle(path, options: FileOptions.SequentialScan);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            long at = 0;
            while (RandomAccess.Read(file, buffer, at) is > 0 and var read)
            {
                hash.AppendData(buffer, 0, read);
                at += read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static Dictionary<string, string> Read(string folder)
    {
        var expected = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines(Path.Combine(folder, FileName)).Where(l => l.Length > 0))
        {
            var isEntry = line.Length > 66 && line[64] == ' ' && line[65] is ' ' or '*'
                && !line.AsSpan(0, 64).ContainsAnyExcept(Digits);
            var name = isEntry ? line[66..] : "";
            if (!isEntry || name != Path.GetFileName(name) || !expected.TryAdd(name, line[..64].ToLowerInvariant()))
            {
                throw ModelFolderException.For(folder, [], [$"{FileName} (the line \"{line}\" is not the checksum of one more file of the folder)"]);
            }
        }

        return expected.Count > 0 ? expected : throw ModelFolderException.For(folder, [], [$"{FileName} (empty)"]);
    }
}
