using System.Diagnostics.CodeAnalysis;
using Microscale.Guard.Cli.Clients;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;

namespace Microscale.Guard.Cli.Pipelines;

/// <summary>A model twice: as it is, and behind the guard that a pipeline file describes.</summary>
internal sealed class GuardedPipeline : IDisposable
{
    /// <summary>The least score of a quoted sentence, where the guard has no threshold.</summary>
    private const double DefaultQuoteScore = 0.5;

    /// <summary>Where quotations are all there is, the guard alone decides.</summary>
    private const double AnyQuoteScore = 1e-6;

    private readonly List<IDisposable> _owned;

    private GuardedPipeline(PipelineSettings settings, IChatClient bare, IChatClient guarded, string? scorer, List<IDisposable> owned) =>
        (Settings, Bare, Guarded, ScorerFingerprint, _owned) = (settings, bare, guarded, scorer, owned);

    public PipelineSettings Settings { get; }

    /// <summary>The model as it is.</summary>
    public IChatClient Bare { get; }

    /// <summary>The model behind the guard.</summary>
    public IChatClient Guarded { get; }

    /// <summary>What calibrations of the scorer are bound to; null where nothing is scored.</summary>
    public string? ScorerFingerprint { get; }

    /// <summary>Opens the models and puts the guard together.</summary>
    /// <param name="settings">The pipeline.</param>
    /// <param name="client">The model, not asked where the settings always quote; it is disposed with the pipeline.</param>
    /// <param name="documents">What answers may rest on; empty to seek nothing (the caller may still mark content of the
    /// conversation as evidence).</param>
    /// <param name="keepDraft">Whether withheld drafts are kept in reports.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <param name="adjust">Sets the guard further; null for nothing.</param>
    /// <exception cref="BadInputException">The settings do not make sense together.</exception>
    [SuppressMessage("Reliability", "CA2000", Justification = "What is made is owned by the pipeline.")]
    public static async Task<GuardedPipeline> CreateAsync(
        PipelineSettings settings,
        IChatClient client,
        IReadOnlyList<Evidence> documents,
        bool keepDraft,
        CancellationToken cancellationToken,
        Action<HallucinationGuardBuilder>? adjust = null)
    {
        var local = new LocalStrategies();
        List<IDisposable> owned = [client, local];
        try
        {
            var source = documents.Count == 0
                ? null
                : await InMemoryEvidenceSource.CreateAsync(
                    documents, settings.Documents.Embeddings ? local.Embeddings : null, settings.Documents.Search, cancellationToken);
            var scorer = settings.Scorer?.Create(local);
            if (settings.Quote == QuoteUse.Always)
            {
                client = new QuotingChatClient(AnyQuoteScore, scorer);
                owned.Add(client);
            }

            var escalation = CreateEscalation(settings, scorer);
            if (escalation is not null)
            {
                owned.Add(escalation);
            }

            var guarded = client.AsBuilder()
                .UseHallucinationGuard(guard =>
                {
                    Configure(guard, settings, client, local, scorer, source, escalation, keepDraft);
                    adjust?.Invoke(guard);
                })
                .Build();
            owned.Insert(0, guarded);
            return new GuardedPipeline(settings, client, guarded, scorer?.Fingerprint, owned);
        }
        catch (Exception exception)
        {
            owned.ForEach(o => o.Dispose());
            if (exception is InvalidOperationException or ArgumentException)
            {
                throw new BadInputException($"The pipeline '{settings.Name}' cannot be built: {exception.Message}", exception);
            }

            throw;
        }
    }

    public void Dispose() => _owned.ForEach(o => o.Dispose());

    private static IChatClient? CreateEscalation(PipelineSettings settings, IConfidenceScorer? scorer) => settings switch
    {
        { Escalation: not null, Quote: not QuoteUse.Never } => throw new BadInputException(
            $"The pipeline '{settings.Name}' has both Escalation and Quote: take one out, since one client is asked when no draft passes."),
        { Escalation: { } other } => ClientFactory.Create(other),
        { Quote: QuoteUse.Otherwise } => new QuotingChatClient(settings.Guard?.GetValue<double?>("AbstainBelow") ?? DefaultQuoteScore, scorer),
        _ => null,
    };

    private static void Configure(
        HallucinationGuardBuilder guard,
        PipelineSettings settings,
        IChatClient client,
        LocalStrategies local,
        IConfidenceScorer? scorer,
        InMemoryEvidenceSource? source,
        IChatClient? escalation,
        bool keepDraft)
    {
        if (source is not null)
        {
            guard.GroundWith(source);
        }

        if (scorer is not null)
        {
            guard.ScoreWith(scorer);
        }

        if (!settings.Decides)
        {
            // A model as it is: measured, and compared with what a guard makes of it.
            guard.AbstainBy(AbstentionPolicy.FromDelegate(GuardParts.None, _ => PolicyDecision.Deliver));
        }

        guard.VerifyWith([.. settings.Verifiers.Select(name => VerifierFactory.Create(name, client, local))]);
        if (settings.Guard is { } section && section.Exists())
        {
            guard.Configure(section);
        }

        if (escalation is not null)
        {
            guard.EscalateTo(escalation);
        }

        if (keepDraft)
        {
            guard.ConfigureAbstention(options => options.KeepDraft = true);
        }
    }
}
