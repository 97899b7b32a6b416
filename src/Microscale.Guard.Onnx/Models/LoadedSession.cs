using Microsoft.ML.OnnxRuntime;

namespace Microscale.Guard.Onnx;

/// <summary>A session that all users of the same model file and settings share, so that its weights are in memory once.</summary>
/// <remarks>Safe for concurrent callers. Each <see cref="Acquire"/> is ended by one <see cref="Release"/>; the last disposes the
/// session.</remarks>
internal sealed class LoadedSession
{
    private static readonly Lock s_gate = new();
    private static readonly Dictionary<Key, LoadedSession> s_loaded = [];

    private readonly Key _key;
    private readonly Lazy<InferenceSession> _session;
    private readonly Lock _directGate = new();
    private (DirectWeights? Weights, string? Fault)? _direct;
    private int _users;

    private LoadedSession(Key key, ModelFolder folder, string name)
    {
        _key = key;

        // Not under the lock: it takes tenths of a second, and other models may be loaded meanwhile.
        _session = new(() => OnnxSessions.Open(folder, name, key.ThreadCount, key.AllowSpinning));
    }

    public InferenceSession Session => _session.Value;

    /// <summary>Whether anybody has a session of a file.</summary>
    internal static bool IsLoaded(string file)
    {
        lock (s_gate)
        {
            return s_loaded.Keys.Any(k => k.File == file);
        }
    }

    /// <summary>The session of a model, which is loaded if nobody has it.</summary>
    /// <inheritdoc cref="OnnxSessions.Open"/>
    public static LoadedSession Acquire(ModelFolder folder, int? threadCount, bool allowSpinning, string name = OnnxSessions.ModelFile)
    {
        // A file that was replaced is another model.
        var file = new FileInfo(folder.File(name));
        var key = new Key(file.FullName, file.Length, file.LastWriteTimeUtc, threadCount ?? PhysicalCores.Count, allowSpinning);
        LoadedSession? loaded;
        lock (s_gate)
        {
            if (!s_loaded.TryGetValue(key, out loaded))
            {
                s_loaded.Add(key, loaded = new LoadedSession(key, folder, name));
            }

            loaded._users++;
        }

        try
        {
            _ = loaded.Session;
            return loaded;
        }
        catch
        {
            loaded.Release();
            throw;
        }
    }

    /// <summary>The weights in another order, which all users share too.</summary>
    /// <param name="load">Loads them, or says why that cannot be; called once.</param>
    public (DirectWeights? Weights, string? Fault) GetDirectWeights(Func<(DirectWeights? Weights, string? Fault)> load)
    {
        lock (_directGate)
        {
            return _direct ??= load();
        }
    }

    public void Release()
    {
        lock (s_gate)
        {
            if (--_users > 0)
            {
                return;
            }

            s_loaded.Remove(_key);
        }

        if (_session.IsValueCreated)
        {
            _session.Value.Dispose();
            _direct?.Weights?.Dispose();
        }
    }

    private sealed record Key(string File, long Length, DateTime Changed, int ThreadCount, bool AllowSpinning);
}
