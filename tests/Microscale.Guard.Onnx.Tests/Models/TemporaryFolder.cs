namespace Microscale.Guard.Onnx.Tests.Models;

/// <summary>A folder that a test fills and that goes with it.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("microscale-guard-").FullName;

    public string Write(string name, string content)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return path;
    }

    /// <summary>Copies files of a model, and its checksums with them.</summary>
    public void CopyModel(string model, params string[] names)
    {
        foreach (var name in names)
        {
            // A new file: the original may be read-only.
            File.WriteAllBytes(System.IO.Path.Combine(Path, name), File.ReadAllBytes(System.IO.Path.Combine(model, name)));
        }
    }

    /// <summary>Links to files of a model, which cost nothing and must not be changed.</summary>
    public void LinkModel(string model, params string[] names)
    {
        foreach (var name in names)
        {
            File.CreateSymbolicLink(System.IO.Path.Combine(Path, name), System.IO.Path.Combine(model, name));
        }
    }

    /// <summary>Turns one bit of a file around.</summary>
    public void FlipBit(string name, long position)
    {
        using var file = File.Open(System.IO.Path.Combine(Path, name), FileMode.Open);
        file.Position = position;
        var value = file.ReadByte();
        file.Position = position;
        file.WriteByte((byte)(value ^ 1));
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
