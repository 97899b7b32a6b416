using Microsoft.ML.OnnxRuntime;

namespace Microscale.Guard.Onnx;

/// <summary>A session that concurrent callers of one owner use, and that is released after the last of them when the owner is disposed
/// meanwhile.</summary>
/// <remarks>Releasing a native session under a run would end the process. Owners with the same model and settings have the same
/// session. It is loaded when it is first asked for.</remarks>
internal sealed class SharedSession(ModelFolder folder, int? threadCount, bool allowSpinning, Type owner, string name = OnnxSessions.ModelFile)
    : IDisposable
{
    private readonly Lock _gate = new();
    private LoadedSession? _loaded;

    // The owner and each caller that is inside.
    private int _users = 1;
    private int _disposed;

    /// <summary>The session itself, for callers between <see cref="Enter"/> and <see cref="Exit"/>.</summary>
    /// <exception cref="ModelFolderException">The graph or its weights are missing or cannot be read.</exception>
    public InferenceSession Session => Loaded.Session;

    private LoadedSession Loaded
    {
        get
        {
            lock (_gate)
            {
                return _loaded ??= LoadedSession.Acquire(folder, threadCount, allowSpinning, name);
            }
        }
    }

    /// <inheritdoc cref="LoadedSession.GetDirectWeights"/>
    public (DirectWeights? Weights, string? Fault) GetDirectWeights(Func<(DirectWeights? Weights, string? Fault)> load) => Loaded.GetDirectWeights(load);

    /// <summary>Runs work with the session.</summary>
    /// <exception cref="ObjectDisposedException">The owner was disposed.</exception>
    public void Use<TState>(TState state, Action<InferenceSession, TState> work)
    {
        Enter();
        try
        {
            work(Session, state);
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>Throws when the owner was disposed.</summary>
    /// <exception cref="ObjectDisposedException">It was.</exception>
    public void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, owner);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            Exit();
        }
    }

    /// <summary>Keeps the session until <see cref="Exit"/>.</summary>
    /// <exception cref="ObjectDisposedException">The owner was disposed.</exception>
    public void Enter()
    {
        int users;
        do
        {
            ThrowIfDisposed();
            users = Volatile.Read(ref _users);
        }
        while (users == 0 || Interlocked.CompareExchange(ref _users, users + 1, users) != users);
    }

    /// <summary>Ends one <see cref="Enter"/>.</summary>
    public void Exit()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            _loaded?.Release();
        }
    }
}
