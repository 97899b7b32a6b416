using System.Text;
using Microscale.Guard.Testing;

namespace Microscale.Guard.Tests.Faults;

public class FaultMatrixTests
{
    private static readonly RepositoryPage Page = new("docs/fault-matrix.md");

    public static TheoryData<string, string, StreamingMode?> Cases
    {
        get
        {
            var data = new TheoryData<string, string, StreamingMode?>();
            foreach (var part in FaultMatrix.Parts)
            {
                foreach (var fault in FaultMatrix.Faults)
                {
                    data.Add(part, fault, null);
                    foreach (var mode in FaultMatrix.Modes)
                    {
                        data.Add(part, fault, mode);
                    }
                }
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public async Task Fault_IsNeverDelivered_AndStandsInTheReport(string part, string fault, StreamingMode? mode)
    {
        var passes = mode == StreamingMode.PassThrough;

        // Nobody is asked again about text that is out.
        var isAsked = !passes || part is not (FaultMatrix.Repair or FaultMatrix.Escalation);

        var outcome = await FaultMatrix.RunAsync(part, fault, mode);

        Assert.Equal(passes && part != FaultMatrix.Source, outcome.Leaked);
        if (fault == FaultMatrix.Cancelled && isAsked)
        {
            Assert.NotNull(outcome.Thrown);
            return;
        }

        var report = outcome.Report!;
        Assert.Equal(GuardDecision.Abstained, report.Decision);
        Assert.NotEqual(GuardReason.None, report.Reason);
        Assert.NotEmpty(outcome.Text);
        if (part is FaultMatrix.Repair or FaultMatrix.Escalation)
        {
            // A fault, or an attempt that was withheld, or none because the text is out.
            Assert.True(passes || report.Faults.Count == 1 || report.Attempts is [_, { Reason: not GuardReason.None }], outcome.ToString());
        }
        else
        {
            Assert.Single(report.Faults);
        }
    }

    [Fact]
    public async Task Page_SaysWhatHappens()
    {
        var page = new StringBuilder(
            """
            # What happens when a part fails

            Written by a test from what the guard did, with the default settings: a source, a scorer and a verifier, `AbstainBelow(0.5)`; for the last two parts a first draft that is contradicted, and one repair or one escalation. A part that hangs ignores its cancellation and is left behind after its timeout (for a repair or an escalation `AbstentionOptions.MaxExtraTime`). "Is cancelled" means that the caller cancels while the part works. After the decision stand the reason and the faults of the report.

            A response that is not streamed does as the buffered stream does. Nothing of a draft leaves in either, nor in the sentence-gated mode. `PassThrough` lets the draft out before its judgement; what is out is not repaired, and only the report says what became of it.

            | part | it | buffered | sentence-gated | pass-through |
            |---|---|---|---|---|

            """.ReplaceLineEndings("\n"));
        foreach (var part in FaultMatrix.Parts)
        {
            foreach (var fault in FaultMatrix.Faults)
            {
                page.Append("| ").Append(part).Append(" | ").Append(fault);
                foreach (var mode in FaultMatrix.Modes)
                {
                    page.Append(" | ").Append(await FaultMatrix.RunAsync(part, fault, mode));
                }

                page.Append(" |\n");
            }
        }

        Assert.Null(Page.Compare(page.ToString()));
    }
}
