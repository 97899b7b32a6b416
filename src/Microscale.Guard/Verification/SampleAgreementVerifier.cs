using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Microscale.Guard;

/// <summary>Judges claims without evidence by whether further answers to the same request say so too.</summary>
/// <remarks>
/// <para>What a model knows it says again; what it makes up differs from draw to draw (SelfCheckGPT with entailment: Manakul et
/// al. 2023, arXiv 2303.08896). The support of a claim by a sample is the probability that the sample entails it; over the
/// samples their mean, which is the score. A claim is Supported when it reaches
/// <see cref="SampleAgreementOptions.SupportThreshold"/>, else Unverifiable: that samples say otherwise is no proof, so nothing is
/// ever Contradicted. A model that is sure of something false agrees with itself.</para>
/// <para>Where there is evidence there is no opinion, and no sample is drawn. Samples are drawn once an answer, without leave to
/// call tools; their tokens are in the usage of the response. Safe for concurrent callers if the client and the model
/// are.</para>
/// </remarks>
public sealed class SampleAgreementVerifier : IClaimVerifier
{
    private const int WindowWords = 150;

    private readonly IChatClient _client;
    private readonly IEntailmentModel _model;
    private readonly SampleAgreementOptions _options;

    // By the messages of an answer, which are one list for all of its claims.
    private readonly ConditionalWeakTable<IReadOnlyList<ChatMessage>, Task<IReadOnlyList<string>>> _samples = [];

    /// <summary>Creates the verifier.</summary>
    /// <param name="client">Draws the samples: the model that answers, without the guard around it. Not disposed.</param>
    /// <param name="model">Compares claims with samples; not disposed.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public SampleAgreementVerifier(IChatClient client, IEntailmentModel model, SampleAgreementOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(model);
        _client = client;
        _options = (options ?? new SampleAgreementOptions()).Validated();
        _model = model;
    }

    /// <inheritdoc/>
    public string Name => "samples";

    /// <inheritdoc/>
    public VerifierCost Cost => VerifierCost.Remote;

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<VerifierFinding?>> VerifyAsync(VerificationContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Evidence.Count > 0)
        {
            return new VerifierFinding?[context.Claims.Count];
        }

        var samples = await SamplesAsync(context, cancellationToken);
        EvidenceWindows[] windows = [.. samples.Select(s => new EvidenceWindows([new Evidence("sample", s)]))];
        EntailmentPair[] pairs = [.. context.Claims.SelectMany(c => windows, (c, w) => new EntailmentPair(w.For(c.Text, WindowWords, 1)[0].Text, c.Text))];
        var scores = await _model.ClassifyAsync(pairs, cancellationToken);
        return scores.Count == pairs.Length && scores.All(s => s.Entailment is >= 0 and <= 1)
            ? [.. scores.Chunk(windows.Length).Select(s => Judge(s.Average(x => x.Entailment)))]
            : throw new InvalidOperationException("The entailment model gave too few scores, or no probabilities.");
    }

    private VerifierFinding Judge(double support) => support >= _options.SupportThreshold
        ? new VerifierFinding(Name, Verdict.Supported) { Score = support }
        : new VerifierFinding(Name, Verdict.Unverifiable) { Score = support, Explanation = "Further answers of the model do not say so." };

    private async Task<IReadOnlyList<string>> SamplesAsync(VerificationContext context, CancellationToken cancellationToken)
    {
        if (context.Messages.Count == 0)
        {
            throw new InvalidOperationException("There are no messages to draw samples for.");
        }

        if (_samples.TryGetValue(context.Messages, out var drawn) && drawn.IsCompletedSuccessfully)
        {
            return await drawn;
        }

        var drawing = DrawAsync(context, cancellationToken);
        var samples = await drawing;
        _samples.AddOrUpdate(context.Messages, drawing);
        return samples;
    }

    private async Task<IReadOnlyList<string>> DrawAsync(VerificationContext context, CancellationToken cancellationToken)
    {
        var options = new ChatOptions { Temperature = _options.Temperature, MaxOutputTokens = _options.MaxOutputTokens, ToolMode = ChatToolMode.None };
        var responses = _client.GetService(typeof(ISampleGenerator)) is ISampleGenerator generator
            ? await generator.GenerateSamplesAsync(context.Messages, _options.SampleCount, options, cancellationToken)
            : await Task.WhenAll(Enumerable.Range(0, _options.SampleCount).Select(i => OneAsync(i)));
        foreach (var response in responses)
        {
            context.AddUsage(response.Usage, response.ModelId);
        }

        string[] texts = [.. responses.Select(r => r.Text).Where(t => !string.IsNullOrWhiteSpace(t))];
        return texts.Length == _options.SampleCount
            ? texts
            : throw new InvalidOperationException($"The client gave {texts.Length} answers with text of {_options.SampleCount} samples.");

        Task<ChatResponse> OneAsync(int seed)
        {
            var own = options.Clone();
            own.Seed = seed;
            return _client.GetResponseAsync(context.Messages, own, cancellationToken);
        }
    }
}
