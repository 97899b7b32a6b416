using System.CommandLine;
using System.Globalization;
using Microscale.Guard.Cli.Documents;
using Microscale.Guard.Cli.Output;
using Microscale.Guard.Evaluation;

namespace Microscale.Guard.Cli.Commands;

/// <summary><c>microscale preferences</c>: pairs for training a model to abstain, from guard logs and labels.</summary>
internal sealed class PreferencesCommand : CliCommand
{
    private readonly Argument<string[]> _logs = new("log") { Description = "Guard logs: .jsonl, .csv or .tsv, with messages or question, text, and decision, draft and correct where they are known.", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string?> _labels = new("--labels", "-l") { Description = "Questions with their answers, for entries that do not say whether they are right.", HelpName = "file" };
    private readonly Option<string?> _out = new("--out", "-o") { Description = "Where the pairs go; standard output by default.", HelpName = "file" };
    private readonly Option<string[]> _fields = FieldMap.CreateOption();
    private readonly Option<string> _abstention = new("--abstention") { Description = "The abstention that is preferred where the log has none.", HelpName = "text", DefaultValueFactory = _ => new PreferenceOptions().AbstentionText };
    private readonly Option<double> _maxShare = new("--max-abstention-share") { Description = "The largest share of pairs that prefer the abstention; surplus ones are left out.", HelpName = "0..1", DefaultValueFactory = _ => 1 };
    private readonly Option<bool> _noAnswers = new("--no-answers") { Description = "Leave out the pairs that prefer a right answer to an abstention." };
    private readonly Option<long> _seed = new("--seed") { Description = "Chooses what is left out.", HelpName = "n" };
    private readonly Option<bool> _json = new("--json") { Description = "Print the counts as one JSON object, for machines; the pairs go to --out." };

    public PreferencesCommand(Terminal terminal)
        : base(
            terminal,
            "preferences",
            "Makes pairs of a chosen and a rejected reply of guard logs, for training a model to abstain.",
            new CommandExample("preferences guard.jsonl --labels questions.jsonl --out pairs.jsonl", "a log, labelled by known answers"),
            new CommandExample("preferences guard.csv --field question=prompt correct=label --max-abstention-share 0.5 -o pairs.jsonl", "labels of people in the log, and as many answers as abstentions"))
    {
        Arguments.Add(_logs);
        foreach (var option in (Option[])[_labels, _out, _fields, _abstention, _maxShare, _noAnswers, _seed, _json])
        {
            Options.Add(option);
        }
    }

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var (path, json) = (arguments.GetValue(_out), arguments.GetValue(_json));
        if (json && path is null)
        {
            throw new BadInputException("--json prints the counts: say with --out where the pairs go.");
        }

        var set = await CreateAsync(arguments, cancellationToken);
        await using (var stream = path is null ? new MemoryStream() : (Stream)File.Create(path))
        {
            await set.WriteAsync(stream, cancellationToken);
            if (stream is MemoryStream pairs)
            {
                await Terminal.Output.WriteAsync(System.Text.Encoding.UTF8.GetString(pairs.ToArray()));
            }
        }

        if (json)
        {
            await Terminal.WriteJsonAsync(PreferencesView.Of(set), CliJsonContext.Default.PreferencesView);
        }
        else
        {
            await Terminal.Error.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{set.Pairs.Count} pairs: {set.Abstentions} prefer an abstention, {set.Answers} an answer. Left out: {set.Unlabelled} without a label, {set.WithoutDraft} without the withheld draft, {set.Refused} that the model refused, {set.LeftOut} repeated or surplus."));
        }

        return ExitCodes.Success;
    }

    private async Task<PreferenceSet> CreateAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        try
        {
            var labels = new PreferenceLabels(arguments.GetValue(_labels) is { } path
                ? await DatasetReader.ReadQuestionsAsync(path, cancellationToken: cancellationToken).ToListAsync(cancellationToken)
                : []);
            var entries = new List<GuardLogEntry>();
            foreach (var log in arguments.GetValue(_logs)!)
            {
                await foreach (var entry in GuardLog.ReadAsync(log, FieldMap.Read(arguments.GetValue(_fields)), cancellationToken))
                {
                    entries.Add(labels.Label(entry));
                }
            }

            return PreferenceSet.Create(entries, new PreferenceOptions
            {
                AbstentionText = arguments.GetValue(_abstention)!,
                IncludeAnswers = !arguments.GetValue(_noAnswers),
                MaxAbstentionShare = arguments.GetValue(_maxShare),
                Seed = arguments.GetValue(_seed),
            });
        }
        catch (Exception exception) when (exception is InvalidDataException or ArgumentException)
        {
            throw new BadInputException(exception.Message, exception);
        }
    }
}

/// <summary>What <c>preferences --json</c> prints.</summary>
internal sealed record PreferencesView(int Pairs, int Abstentions, int Answers, int Unlabelled, int WithoutDraft, int Refused, int LeftOut)
{
    public static PreferencesView Of(PreferenceSet set) =>
        new(set.Pairs.Count, set.Abstentions, set.Answers, set.Unlabelled, set.WithoutDraft, set.Refused, set.LeftOut);
}
