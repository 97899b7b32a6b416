using CsCheck;

namespace Microscale.Guard.Tests.Verification;

public class EntailmentVerifierTests
{
    private static readonly Evidence Paris = new("paris", "Paris is the capital of France. It lies on the Seine.");
    private static readonly Evidence Rome = new("rome", "Rome is the capital of Italy.");

    [Fact]
    public async Task Verify_Contradicted_StillSaysHowWellItIsSupported()
    {
        var model = new ScriptedModel(p => p.Premise.Contains("first", StringComparison.Ordinal) ? Scores(0.6, 0.1) : Scores(0.2, 0.7));

        var finding = Assert.Single(await VerifyAsync(model, ["A claim"], [new("first", "The first claim."), new("second", "The second claim.")]))!;

        Assert.Equal((Verdict.Contradicted, 0.7), (finding.Verdict, finding.Score));
        Assert.Equal(0.69, finding.Support!.Value, 4);
    }

    [Fact]
    public void SupportToMeet_CalibrationThatFits_TakesItsThreshold()
    {
        var options = new EntailmentVerifierOptions().SupportToMeet(0.1, Calibrated("support/" + new EntailmentVerifier(new ScriptedModel(_ => Scores(1, 0))).Fingerprint));

        Assert.InRange(options.SupportThreshold, 0.4, 0.6);
    }

    [Fact]
    public void SupportToMeet_OtherOptionsOrInfeasible_IsRefused()
    {
        var calibration = Calibrated("support/" + new EntailmentVerifier(new ScriptedModel(_ => Scores(1, 0))).Fingerprint);

        Assert.Throws<InvalidOperationException>(() => new EntailmentVerifierOptions { MaxWindows = 1 }.SupportToMeet(0.1, calibration));
        Assert.Throws<InvalidOperationException>(() => new EntailmentVerifierOptions().SupportToMeet(0.1, Calibrated("token_probability.mean.new_words")));
        Assert.Throws<InvalidOperationException>(() => new EntailmentVerifierOptions().SupportToMeet(0.001, calibration));
    }

    // Both windows hold the claim's one content word: the support is σ(2 (e − c) − 0.2).
    [Theory]
    [InlineData(0.6, 0.1, 0.2, 0.2, Verdict.Supported, 0.69, "first")]
    [InlineData(0.1, 0.1, 0.5, 0.1, Verdict.Supported, 0.6457, "second")]
    [InlineData(0.6, 0.1, 0.2, 0.7, Verdict.Contradicted, 0.7, "second")]
    [InlineData(0.8, 0.1, 0.2, 0.7, Verdict.Supported, 0.7685, "first")]
    [InlineData(0.4, 0.4, 0.3, 0.3, Verdict.Unverifiable, 0.4502, "first")]
    [InlineData(0.1, 0.5, 0.0, 0.0, Verdict.Contradicted, 0.5, "first")]
    [InlineData(0.0, 0.99, 0.95, 0.0, Verdict.Supported, 0.8455, "second")]
    public async Task Verify_TwoWindows_DecidesByBestSupportAndWorstContradiction(
        double entailment1, double contradiction1, double entailment2, double contradiction2, Verdict verdict, double score, string evidenceId)
    {
        var model = new ScriptedModel(p => p.Premise.Contains("first", StringComparison.Ordinal)
            ? Scores(entailment1, contradiction1)
            : Scores(entailment2, contradiction2));

        var finding = Assert.Single(await VerifyAsync(model, ["A claim"], [new("first", "The first claim."), new("second", "The second claim.")]))!;

        Assert.Equal((verdict, evidenceId), (finding.Verdict, finding.EvidenceId));
        Assert.Equal(score, finding.Score!.Value, 4);
    }

    [Fact]
    public async Task Verify_EntailmentThatSettles_AsksAboutNoFurtherWindow()
    {
        var model = new ScriptedModel(p => p.Claim == "A claim" ? Scores(0.9, 0.05) : Scores(0.4, 0));
        var findings = await VerifyAsync(model, ["A claim", "One claim"], [new("first", "The first claim."), new("second", "The second claim.")]);
        Assert.Equal([Verdict.Supported, Verdict.Supported], findings.Select(f => f!.Verdict));
        Assert.Equal([2, 1], model.Calls.Select(c => c.Count));
        Assert.Equal("One claim", Assert.Single(model.Calls[1]).Claim);
    }

    [Fact]
    public void Verify_EarlyExit_GivesTheVerdictOfAllWindows() =>
        Gen.Select(Gen.Double[0, 1], Gen.Double[0, 1]).Array[3].Sample(
            parts =>
            {
                // The order of the windows decides how many are read; it must not decide the verdict.
                EntailmentScores[] scores = [.. parts.Select(p => Scores(p.Item1, (1 - p.Item1) * p.Item2))];
                Assert.Single(new[] { [0, 1, 2], [2, 1, 0], new[] { 1, 2, 0 } }.Select(order => Judge(order.Select(i => scores[i]))).Distinct());
            },
            iter: 2_000);

    [Fact]
    public async Task Verify_SameWordsInTheSameOrder_IsSupportedMoreEasily()
    {
        var model = new ScriptedModel(_ => Scores(0.2, 0.2));
        var findings = await VerifyAsync(model, ["Paris is the capital of France", "France is the capital of Paris"], [Paris]);
        Assert.Equal([Verdict.Supported, Verdict.Unverifiable], findings.Select(f => f!.Verdict));
    }

    [Theory]
    [InlineData("Paris is old.", 0.3, Verdict.Supported)]
    [InlineData("Paris is old like Berlin.", 0.3, Verdict.Unverifiable)]
    [InlineData("Paris is old like Berlin.", 0.9, Verdict.Supported)]
    [InlineData("Paris is 500 years old.", 0.9, Verdict.Unverifiable)]
    public async Task Verify_FactThatNoEvidenceNames_TakesMoreToSupport(string claim, double entailment, Verdict verdict)
    {
        var findings = await VerifyAsync(new ScriptedModel(_ => Scores(entailment, 0)), [claim], [new("e", "Paris is an old city, people like it for years.")]);
        Assert.Equal(verdict, findings[0]!.Verdict);
    }

    [Fact]
    public void For_PassageOnSomethingElse_IsLeftOutUnlessItIsTheBest()
    {
        var windows = new EvidenceWindows([Rome, Paris]);
        Assert.Equal(["paris"], windows.For("The Seine flows by Paris", 150, 3).Select(w => w.EvidenceId));
        Assert.Single(windows.For("Nothing of it", 150, 3));
    }

    [Fact]
    public async Task Verify_ContradictionByAPassageOnSomethingElse_IsNeitherContradictedNorSupported()
    {
        var model = new ScriptedModel(p => p.Premise.Contains("Rome", StringComparison.Ordinal) ? Scores(0, 0.9) : Scores(0.6, 0.1));

        var finding = Assert.Single(await VerifyAsync(model, ["Paris is a capital by the Seine."], [Paris, Rome]))!;

        Assert.Equal((Verdict.Unverifiable, "paris"), (finding.Verdict, finding.EvidenceId));
    }

    [Fact]
    public async Task Verify_ManyClaims_AsksTheModelTogetherAndKeepsTheirOrder()
    {
        var model = new ScriptedModel(p => p.Claim.Contains("Paris", StringComparison.Ordinal) && p.Premise.Contains("Paris", StringComparison.Ordinal)
            ? Scores(0.9, 0) : Scores(0, 0));

        var findings = await VerifyAsync(model, ["Rome is big.", "Paris is a capital.", "Berlin is here."], [Paris, Rome]);

        Assert.Equal([Verdict.Unverifiable, Verdict.Supported, Verdict.Unverifiable], findings.Select(f => f!.Verdict));
        Assert.Equal("paris", findings[1]!.EvidenceId);
        Assert.Equal(3, model.Calls[0].Count);
    }

    [Fact]
    public async Task Verify_NoEvidence_HasNoOpinionAndDoesNotAskTheModel()
    {
        var model = new ScriptedModel(_ => Scores(1, 0));
        var findings = await VerifyAsync(model, ["A", "B"], []);
        Assert.Equal([null, null], findings);
        Assert.Equal([null], await VerifyAsync(model, ["A"], [new("blank", " \n ")]));
        Assert.Empty(model.Calls);
    }

    [Fact]
    public async Task Verify_ClaimTooLongForTheModel_IsUnverifiableAndSpoilsNoOther()
    {
        var model = new ScriptedModel(_ => Scores(1, 0));
        var findings = await VerifyAsync(model, [new string('x', 601), "Paris is a capital."], [Paris]);
        Assert.Equal([Verdict.Unverifiable, Verdict.Supported], findings.Select(f => f!.Verdict));
        Assert.Single(Assert.Single(model.Calls));
    }

    [Fact]
    public async Task Verify_ModelThatLies_Throws()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => VerifyAsync(new ScriptedModel(_ => Scores(double.NaN, 0)), ["A"], [Paris]));
        await Assert.ThrowsAsync<InvalidOperationException>(() => VerifyAsync(new ScriptedModel(_ => Scores(0, 0)) { Extra = 1 }, ["A"], [Paris]));
    }

    [Fact]
    public void For_LongPassage_TakesTheSharingSentencesInDocumentOrder()
    {
        var filler = string.Join(' ', Enumerable.Range(0, 40).Select(i => $"Sentence number {i} talks of nothing of interest."));
        var text = $"{filler} The Nile flows through Egypt. {filler} Egypt built pyramids by the river. {filler}";
        var windows = new EvidenceWindows([new("doc", text), Rome]);

        var window = windows.For("The pyramids stand in Egypt by the Nile.", maxWords: 40, maxWindows: 3)[0];

        Assert.Equal("doc", window.EvidenceId);
        var nile = window.Text.IndexOf("The Nile flows", StringComparison.Ordinal);
        Assert.InRange(window.Text.IndexOf("Egypt built pyramids", StringComparison.Ordinal), nile + 1, int.MaxValue);
        Assert.InRange(nile, 0, int.MaxValue);
        Assert.InRange(window.Text.Split(' ').Length, 20, 40);
        Assert.Equal(["doc", "rome"], windows.For("Egypt and Italy", 40, 3).Select(w => w.EvidenceId).Order());
    }

    [Fact]
    public void For_LongPassageBesideTheBest_KeepsOnlyWhatSharesAWord()
    {
        var filler = string.Join(' ', Enumerable.Range(0, 12).Select(i => $"Sentence number {i} talks of nothing of interest."));
        var windows = new EvidenceWindows(
            [new("best", $"The pyramids stand by the Nile. {filler}"), new("other", $"{filler} The Nile is long. {filler} Pyramids are tall. {filler}")]);

        var found = windows.For("The pyramids stand by the Nile.", 150, 3);

        Assert.Equal(["best", "other"], found.Select(w => w.EvidenceId));
        Assert.InRange(found[0].Text.Split(' ').Length, 90, 150);
        Assert.InRange(found[1].Text.Split(' ').Length, 40, 48);
        Assert.Contains("The Nile is long.", found[1].Text, StringComparison.Ordinal);
        Assert.Contains("Pyramids are tall.", found[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void For_ShortPassages_GivesThemWholeBestFirst()
    {
        var windows = new EvidenceWindows([Rome, Paris]).For("Paris is the capital on the Seine", 150, 3);
        Assert.Equal([Paris.Text, Rome.Text], windows.Select(w => w.Text));
        Assert.Single(new EvidenceWindows([Rome, Paris]).For("Paris is on the Seine", 150, 1));
    }

    [Fact]
    public void Create_BadOptions_NamesTheSetting()
    {
        var model = new ScriptedModel(_ => default);
        Assert.Contains("WindowWords", Assert.Throws<ArgumentOutOfRangeException>(() => new EntailmentVerifier(model, new() { WindowWords = 0 })).Message, StringComparison.Ordinal);
        Assert.Contains("MaxWindows", Assert.Throws<ArgumentOutOfRangeException>(() => new EntailmentVerifier(model, new() { MaxWindows = 0 })).Message, StringComparison.Ordinal);
        Assert.Contains("SupportThreshold", Assert.Throws<ArgumentOutOfRangeException>(() => new EntailmentVerifier(model, new() { SupportThreshold = 0 })).Message, StringComparison.Ordinal);
        Assert.Contains("ContradictionThreshold", Assert.Throws<ArgumentOutOfRangeException>(() => new EntailmentVerifier(model, new() { ContradictionThreshold = double.NaN })).Message, StringComparison.Ordinal);
    }

    private static Verdict Judge(IEnumerable<EntailmentScores> scores)
    {
        EntailmentScores[] all = [.. scores];
        var judgement = new WindowJudgement("x", [.. all.Select((_, i) => new EvidenceWindow($"{i}", "x", 1))], new MissingFacts([], []), new EntailmentVerifierOptions());
        for (var i = 0; judgement.Next is not null; i++)
        {
            judgement.Add(all[i]);
        }

        return judgement.ToFinding("x").Verdict;
    }

    private static EntailmentScores Scores(double entailment, double contradiction) => new(entailment, 1 - entailment - contradiction, contradiction);

    private static async Task<IReadOnlyList<VerifierFinding?>> VerifyAsync(IEntailmentModel model, string[] claims, Evidence[] evidence) =>
        await new EntailmentVerifier(model).VerifyAsync(new VerificationContext([.. claims.Select(c => new Claim(c, 0, c.Length))], evidence, ""));

    private sealed class ScriptedModel(Func<EntailmentPair, EntailmentScores> judge) : IEntailmentModel
    {
        public int Extra { get; init; }

        public List<IReadOnlyList<EntailmentPair>> Calls { get; } = [];

        public ValueTask<IReadOnlyList<EntailmentScores>> ClassifyAsync(IReadOnlyList<EntailmentPair> pairs, CancellationToken cancellationToken = default)
        {
            Calls.Add(pairs);
            return new([.. pairs.Select(judge), .. new EntailmentScores[Extra]]);
        }
    }

    /// <summary>Of claims with a support below a half half are supported, of the others all.</summary>
    private static CalibrationArtefact Calibrated(string scorer) => CalibrationArtefact.Fit(
        Enumerable.Range(0, 400).Select(i => new LabelledScore(i / 400.0, i >= 200 || i % 2 == 0)), new CalibrationPipeline(scorer, null, null));
}
