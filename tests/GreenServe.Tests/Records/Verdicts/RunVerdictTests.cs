using System.Text.Json;
using GreenServe.Records.Documents;
using GreenServe.Records.Verdicts;

namespace GreenServe.Tests.Records.Verdicts;

public sealed class RunVerdictTests
{
    [Fact]
    public void Verdict_KeepsACodeThatThisBuildDoesNotKnow_WhenItIsReadAndWritten()
    {
        const string Text = """{"reasons":[{"code":"of-a-newer-version","message":"7 of 9"}],"is_valid":false}""";

        RunVerdict verdict = JsonSerializer.Deserialize<RunVerdict>(Text, DocumentContract.Options)!;

        Assert.Null(Assert.Single(verdict.Reasons).Subject);
        Assert.Equal(Text, DocumentContract.Canonical(verdict));
    }

    [Fact]
    public void Subject_IsThatOfTheCode_WhenTheRecordHoldsAKnownOne()
    {
        const string Text = """{"reasons":[{"code":"client-lag","message":"late"}]}""";

        RunVerdict verdict = JsonSerializer.Deserialize<RunVerdict>(Text, DocumentContract.Options)!;

        Assert.Equal(VerdictSubject.Client, Assert.Single(verdict.Reasons).Subject);
    }

    [Fact]
    public void IsInterrupted_IsTrue_UntilTheRunHasEnded() => Assert.True(RunVerdict.Interrupted.IsInterrupted);

    [Fact]
    public void IsInterrupted_IsFalse_WhenSomethingElseSpeaksAgainstTheRun() =>
        Assert.False(new RunVerdict([new VerdictReason(VerdictCode.Saturated, "too much")]).IsInterrupted);
}
