namespace Microscale.Guard.Onnx.Tests.Decoding;

/// <summary>Keeps the tokens of an answer.</summary>
internal sealed class RecordingSink : ITokenSink
{
    public List<int> Tokens { get; } = [];

    public List<TokenLogProbability> LogProbabilities { get; } = [];

    public bool? Complete { get; private set; }

    public int? TopLogProbabilities { get; init; }

    /// <summary>A token that ends the answer.</summary>
    public int? Last { get; init; }

    /// <summary>Called with each token, on the engine's thread.</summary>
    public Action<int> OnToken { get; init; } = _ => { };

    public bool Accept(int token, TokenLogProbability? logProbability)
    {
        Tokens.Add(token);
        if (logProbability is not null)
        {
            LogProbabilities.Add(logProbability);
        }

        OnToken(token);
        return token != Last;
    }

    public void End(bool complete) => Complete = complete;
}
