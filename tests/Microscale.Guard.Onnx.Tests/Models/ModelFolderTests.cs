using System.Security.Cryptography;

namespace Microscale.Guard.Onnx.Tests.Models;

public sealed class ModelFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_AsPublished_GivesFiles()
    {
        Publish("a.bin", "b.txt");

        var folder = ModelFolder.Open(_folder.Path + Path.DirectorySeparatorChar);

        Assert.Equal(_folder.Path, folder.Path);
        Assert.Equal(Path.GetFileName(_folder.Path), folder.Name);
        Assert.Equal(Path.Combine(_folder.Path, "a.bin"), folder.File("a.bin"));
    }

    [Fact]
    public void Open_SeveralFaults_NamesAllOfThem()
    {
        Publish("a.bin", "b.txt", "c.txt", "d.txt", "e.txt");
        File.Delete(Path.Combine(_folder.Path, "a.bin"));
        File.Delete(Path.Combine(_folder.Path, "b.txt"));
        _folder.Write("c.txt", "content of C.txt");
        _folder.FlipBit("d.txt", 3);

        var exception = Assert.Throws<ModelFolderException>(() => ModelFolder.Open(_folder.Path));

        Assert.Equal(["a.bin", "b.txt"], exception.MissingFiles);
        Assert.Equal(["c.txt", "d.txt"], exception.WrongFiles);
        Assert.Equal(_folder.Path, exception.FolderPath);
        Assert.Contains("missing: a.bin, b.txt; wrong: c.txt, d.txt", exception.Message, StringComparison.Ordinal);
        Assert.Contains(_folder.Path, exception.Message, StringComparison.Ordinal);
        Assert.Contains("Restore", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_ChangedAfterFirstUse_IsSeen()
    {
        Publish("a.bin");
        ModelFolder.Open(_folder.Path);
        _folder.FlipBit("a.bin", 0);
        File.SetLastWriteTimeUtc(Path.Combine(_folder.Path, "a.bin"), DateTime.UnixEpoch);

        Assert.Equal(["a.bin"], Assert.Throws<ModelFolderException>(() => ModelFolder.Open(_folder.Path)).WrongFiles);
        _folder.FlipBit("a.bin", 0);
        ModelFolder.Open(_folder.Path);
    }

    [Fact]
    public void Open_SameStampAfterFirstUse_IsNotReadAgain()
    {
        Publish("a.bin");
        var path = Path.Combine(_folder.Path, "a.bin");
        ModelFolder.Open(_folder.Path);
        var time = File.GetLastWriteTimeUtc(path);
        _folder.FlipBit("a.bin", 0);
        File.SetLastWriteTimeUtc(path, time);

        ModelFolder.Open(_folder.Path);
    }

    [Fact]
    public void Open_WithoutVerification_ChecksPresenceOnly()
    {
        Publish("a.bin", "b.txt");
        _folder.FlipBit("a.bin", 0);
        ModelFolder.Open(_folder.Path, verifyChecksums: false);

        File.Delete(Path.Combine(_folder.Path, "b.txt"));
        var exception = Assert.Throws<ModelFolderException>(() => ModelFolder.Open(_folder.Path, verifyChecksums: false));
        Assert.Equal(["b.txt"], exception.MissingFiles);
        Assert.Empty(exception.WrongFiles);
    }

    [Fact]
    public void Open_NoChecksums_IsRefusedUnlessTurnedOff()
    {
        _folder.Write("a.bin", "a");

        Assert.Equal(["SHA256SUMS"], Assert.Throws<ModelFolderException>(() => ModelFolder.Open(_folder.Path)).MissingFiles);
        ModelFolder.Open(_folder.Path, verifyChecksums: false);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not a checksum")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000  ../a.bin")]
    [InlineData("00000000000000000000000000000000000000000000000000000000000000zz  a.bin")]
    public void Open_DamagedChecksums_IsRefused(string content)
    {
        _folder.Write("a.bin", "a");
        _folder.Write("SHA256SUMS", content);

        var exception = Assert.Throws<ModelFolderException>(() => ModelFolder.Open(_folder.Path));
        Assert.Contains("SHA256SUMS", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_NoFolder_SaysWhichAndWhatToDo()
    {
        var path = Path.Combine(_folder.Path, "no-such");

        var exception = Assert.Throws<ModelFolderException>(() => ModelFolder.Open(path));
        Assert.Contains(path, exception.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(ModelLocator), exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void File_Absent_IsNamed()
    {
        Publish("a.bin");

        var exception = Assert.Throws<ModelFolderException>(() => ModelFolder.Open(_folder.Path).File("tokenizer.json"));
        Assert.Equal(["tokenizer.json"], exception.MissingFiles);
    }

    [Fact]
    public void Open_ByManyAtOnce_AllSeeTheFault()
    {
        Publish("a.bin", "b.txt");
        _folder.FlipBit("b.txt", 0);

        Parallel.For(0, 16, _ => Assert.Equal(["b.txt"], Assert.Throws<ModelFolderException>(() => ModelFolder.Open(_folder.Path)).WrongFiles));
    }

    private void Publish(params string[] names) => _folder.Write("SHA256SUMS", string.Concat(names.Select(name =>
    {
        var path = _folder.Write(name, "content of " + name);
        return $"{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)))}  {name}\n";
    })));
}
