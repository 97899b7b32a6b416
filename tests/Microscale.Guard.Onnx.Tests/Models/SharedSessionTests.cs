namespace Microscale.Guard.Onnx.Tests.Models;

public class SharedSessionTests
{
    /// <summary>A folder of its own: nobody else has its session.</summary>
    private static TemporaryFolder Folder()
    {
        var folder = new TemporaryFolder();
        folder.LinkModel(TestModels.Embedding.Path, "model.onnx");
        return folder;
    }

    [Fact]
    public void Session_SameModelAndSettings_IsOneUntilTheLastOwnerGoes()
    {
        using var folder = Folder();
        var model = ModelFolder.Open(folder.Path, verifyChecksums: false);
        var first = Open(model);
        var second = Open(model);
        using var other = Open(model, threadCount: 1, allowSpinning: true);
        var session = first.Session;

        Assert.Same(session, second.Session);
        Assert.NotSame(session, other.Session);

        first.Dispose();
        first.Dispose();
        Assert.NotEmpty(second.Session.InputNames);
        second.Enter();
        second.Dispose();
        Assert.Throws<ObjectDisposedException>(second.Enter);
        Assert.NotEmpty(second.Session.InputNames);
        second.Exit();

        using var third = Open(model);
        Assert.NotSame(session, third.Session);
    }

    [Fact]
    public void Session_FileThatCannotBeLoaded_IsTriedAgainNextTime()
    {
        using var folder = new TemporaryFolder();
        folder.Write("model.onnx", "no graph");
        var model = ModelFolder.Open(folder.Path, verifyChecksums: false);

        using var session = Open(model);
        Assert.Throws<ModelFolderException>(() => session.Session);
        Assert.Throws<ModelFolderException>(() => session.Session);
    }

    private static SharedSession Open(ModelFolder model, int? threadCount = null, bool allowSpinning = false) =>
        new(model, threadCount, allowSpinning, typeof(SharedSessionTests));
}
