using Microsoft.Extensions.Caching.Hybrid;

namespace Microscale.Guard.Testing;

/// <summary>A cache that misbehaves, or holds one text under every key.</summary>
public sealed class ScriptedHybridCache(string? content = null) : HybridCache
{
    public Misbehaviour WhenRead { get; init; }

    public Misbehaviour WhenWritten { get; init; }

    /// <summary>How often it was asked.</summary>
    public int Reads { get; private set; }

    public override async ValueTask<T> GetOrCreateAsync<TState, T>(
        string key,
        TState state,
        Func<TState, CancellationToken, ValueTask<T>> factory,
        HybridCacheEntryOptions? options = null,
        IEnumerable<string>? tags = null,
        CancellationToken cancellationToken = default)
    {
        Reads++;
        await WhenRead.ActAsync(cancellationToken);
        return (T)(object)content!;
    }

    public override ValueTask SetAsync<T>(
        string key, T value, HybridCacheEntryOptions? options = null, IEnumerable<string>? tags = null, CancellationToken cancellationToken = default) =>
        WhenWritten.ActAsync(cancellationToken);

    public override ValueTask RemoveAsync(string key, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

    public override ValueTask RemoveByTagAsync(string tag, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
}
