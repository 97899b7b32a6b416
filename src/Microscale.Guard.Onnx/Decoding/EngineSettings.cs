namespace Microscale.Guard.Onnx;

/// <summary>The bounds of an engine.</summary>
/// <param name="MaxRunning">The most sequences that are worked on at a time.</param>
/// <param name="MaxQueued">The most requests that wait.</param>
/// <param name="PrefixCacheBytes">The most memory for what was read before.</param>
/// <param name="ExactSteps">Whether steps compute as the reading of a prompt does.</param>
internal sealed record EngineSettings(int MaxRunning, int MaxQueued, long PrefixCacheBytes, bool ExactSteps);
