namespace Microscale.Guard.Onnx;

/// <summary>Takes the tokens of an answer as they are chosen.</summary>
/// <remarks>Called from the engine's thread, so it must not wait.</remarks>
internal interface ITokenSink
{
    /// <summary>How many alternatives of each token to report; null for no log-probabilities.</summary>
    int? TopLogProbabilities { get; }

    /// <summary>Takes a token.</summary>
    /// <param name="token">The token.</param>
    /// <param name="logProbability">Its log-probability where it was asked for.</param>
    /// <returns>Whether the answer may go on.</returns>
    bool Accept(int token, TokenLogProbability? logProbability);

    /// <summary>There are no more tokens: as many came as were asked for, or a constraint is complete.</summary>
    /// <param name="complete">Whether a constraint ended the answer.</param>
    void End(bool complete);
}
