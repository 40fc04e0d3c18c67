using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Records.Verdicts;
using GreenServe.Serving.Load;

namespace GreenServe.Tests.Serving.Load;

public sealed class LoadVerdictTests
{
    [Fact]
    public void Judge_FindsNoReason_WhenAllWentWell() =>
        Assert.Empty(LoadVerdict.Judge(Good(), Usage(), wasStopped: false));

    [Theory]
    [InlineData(10, false)]
    [InlineData(11, true)]
    public void Judge_FindsFailures_AboveOnePercent(int failed, bool isFound)
    {
        LoadSummary summary = Good();
        summary.Statuses[RequestStatus.Completed] = 1000 - failed;
        summary.Statuses[RequestStatus.ServerError] = failed;
        summary.Examples[RequestStatus.ServerError] = "500: no";

        IReadOnlyList<VerdictReason> reasons = LoadVerdict.Judge(summary, Usage(), wasStopped: false);

        Assert.Equal(isFound, reasons.Any(reason => reason.Code == "failures"));
        if (isFound)
        {
            Assert.Contains("11 of 1000 requests failed", reasons[0].Message, StringComparison.Ordinal);
            Assert.Contains("11 server_error (first: 500: no)", reasons[0].Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(10, false)]
    [InlineData(11, true)]
    public void Unfinished_IsAReason_AboveOnePercent(int unfinished, bool isFound)
    {
        LoadSummary summary = Good();
        summary.Statuses[RequestStatus.Completed] = 1000 - unfinished;
        summary.Statuses[RequestStatus.Cancelled] = unfinished;

        VerdictReason? reason = LoadVerdict.Unfinished(summary, unfinished, drainSeconds: 60);

        Assert.Equal(isFound, reason is not null);
        Assert.True(reason is null || (reason.Code == "failures"
            && reason.Message.StartsWith("11 of 1000 requests had not ended 60 s after", StringComparison.Ordinal)));
    }

    [Fact]
    public void Judge_FindsWrongOutputLengths_WithTheNumbers()
    {
        LoadSummary summary = Good();
        summary.OutputTokensAsked = 1000;
        summary.OutputTokensCounted = 700;

        VerdictReason reason = Assert.Single(LoadVerdict.Judge(summary, Usage(), wasStopped: false));

        Assert.Equal("output-lengths", reason.Code);
        Assert.Contains("asked for 1000 output tokens, got 700", reason.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Judge_FindsNoInputLengths_WhenTheyAreEstimates()
    {
        LoadSummary summary = Good();
        summary.HasEstimatedInputs = true;
        summary.InputTokensAsked = 1000;
        summary.InputTokensCounted = 2000;

        Assert.Empty(LoadVerdict.Judge(summary, Usage(), wasStopped: false));
    }

    [Fact]
    public void Judge_FindsNoOutputLengths_WhenOutputsEndByThemselves()
    {
        LoadSummary summary = Good();
        summary.HasNaturalOutputs = true;
        summary.OutputTokensCounted = 300;

        Assert.Empty(LoadVerdict.Judge(summary, Usage(), wasStopped: false));
    }

    [Fact]
    public void Judge_RefusesToAddEventsToTokens()
    {
        LoadSummary summary = Good();
        summary.CountedByEvents = summary.Answered;
        Assert.Empty(LoadVerdict.Judge(summary, Usage(), wasStopped: false));

        summary.CountedByEvents--;

        Assert.Equal("mixed-token-counts", Assert.Single(LoadVerdict.Judge(summary, Usage(), wasStopped: false)).Code);
    }

    [Theory]
    [InlineData("client-lag")]
    [InlineData("client-receive-lag")]
    [InlineData("client-cpu")]
    [InlineData("client-gc")]
    [InlineData("input-lengths")]
    [InlineData("input-lengths-unknown")]
    [InlineData("token-times-unknown")]
    [InlineData("no-steady-window")]
    [InlineData("interrupted")]
    public void Judge_FindsEachFault(string code)
    {
        LoadSummary summary = Good();
        ClientUsage usage = Usage();
        switch (code)
        {
            case "client-lag":
                summary.ScheduleLags.Add(0.02, times: 1000);
                break;
            case "client-receive-lag":
                LatencyHistogram lags = new();
                lags.Add(0.2);
                usage = usage with { Reading = new ReadingSelfCheck("kernel", lags, null) };
                break;
            case "client-cpu":
                usage = usage with { ReaderBusyRatio = 0.99 };
                break;
            case "client-gc":
                usage = usage with { GcPauseRatio = 0.2 };
                break;
            case "input-lengths":
                summary.InputTokensCounted = summary.InputTokensAsked + 100;
                break;
            case "input-lengths-unknown":
                summary.InputsUncounted = 500;
                break;
            case "token-times-unknown":
                summary.TokenTimesUnknown = 500;
                break;
            case "no-steady-window":
                summary.Window = null;
                break;
        }

        Assert.Equal(code, Assert.Single(LoadVerdict.Judge(summary, usage, wasStopped: code == "interrupted")).Code);
    }

    [Theory]
    [InlineData(5.040, 0.025, false)] // 25 ms of 5,040 ms are 0.5 % of the load.
    [InlineData(5.040, 0.050, false)] // The limit is 1 % of the cycle, 50.4 ms.
    [InlineData(5.040, 0.051, true)]
    [InlineData(0.500, 0.004, false)] // 1 % of half a second are 5 ms.
    [InlineData(0.500, 0.006, true)]
    [InlineData(0.020, 0.0019, false)] // 2 ms are allowed however short the cycle.
    [InlineData(0.020, 0.0021, true)]
    public void Judge_ComparesTheMeanLagWithTheCycle_WhenTheLoopIsClosed(double cycleSeconds, double lagSeconds, bool isFound)
    {
        LoadSummary summary = GoodWithoutLags();
        summary.MeanCycleSeconds = cycleSeconds;
        summary.ScheduleLags.Add(0, times: 500);
        summary.ScheduleLags.Add(2 * lagSeconds, times: 500);

        IReadOnlyList<VerdictReason> reasons = LoadVerdict.Judge(summary, Usage(), wasStopped: false);

        Assert.Equal(isFound, reasons.Any(reason => reason.Code == "client-lag"));
    }

    [Fact]
    public void Judge_SaysWhyTheLoadWasStopped_WhenTheServerRefusedEverything()
    {
        LoadSummary summary = Good();
        summary.StoppedBy = "401: no";
        summary.NotSent = 90;

        VerdictReason reason = Assert.Single(LoadVerdict.Judge(summary, Usage(), wasStopped: false));

        Assert.Equal("refused", reason.Code);
        Assert.Equal("the server refused the first 10 requests, and 90 were not sent any more: 401: no", reason.Message);
    }

    [Theory]
    [InlineData(0, 0, false)]
    [InlineData(900, 1000, false)]
    [InlineData(901, 1000, true)]
    public void Judge_FindsBufferedAnswers_WhenNearlyAllCameInOnePiece(int inOnePiece, int all, bool isFound)
    {
        LoadSummary summary = Good();
        (summary.InOnePiece, summary.WithGaps) = (inOnePiece, all);

        IReadOnlyList<VerdictReason> reasons = LoadVerdict.Judge(summary, Usage(), wasStopped: false);

        Assert.Equal(isFound ? ["tokens-in-one-piece"] : [], reasons.Select(reason => reason.Code));
        Assert.All(reasons, reason => Assert.Contains("901 of 1000 requests", reason.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0.030, 0.014, false)]
    [InlineData(0.030, 0.016, true)]
    [InlineData(0.0002, 0.0009, false)]
    [InlineData(1.0, 0.040, false)]
    public void Judge_FindsLateReading_FromHalfATokenGapOn(double gapSeconds, double lagSeconds, bool isFound)
    {
        LoadSummary summary = Good();
        summary.MedianGapSeconds = gapSeconds;
        LatencyHistogram lags = new();
        lags.Add(lagSeconds);

        IReadOnlyList<VerdictReason> reasons = LoadVerdict.Judge(
            summary, Usage() with { Reading = new ReadingSelfCheck("kernel", lags, null) }, wasStopped: false);

        Assert.Equal(isFound, reasons.Any(reason => reason.Code == "client-receive-lag"));
    }

    private static LoadSummary Good()
    {
        LoadSummary summary = GoodWithoutLags();
        summary.ScheduleLags.Add(0.0001, times: 1000);
        return summary;
    }

    private static LoadSummary GoodWithoutLags()
    {
        LoadSummary summary = new()
        {
            Window = new MeasurementWindow(0, 10, "test"),
            InputTokensAsked = 1000,
            InputTokensCounted = 1000,
            OutputTokensAsked = 1000,
            OutputTokensCounted = 1000,
        };
        summary.Statuses[RequestStatus.Completed] = 1000;
        return summary;
    }

    [Fact]
    public void SoFar_HoldsALoadAgainstTheLimitsOfItsVerdict_AndNotAgainstWhatOnlyItsEndShows()
    {
        LoadSummary summary = new();
        SendLateness lateness = new(isClosedLoop: false);

        // Nothing has ended: there is no window and nothing has completed, and neither is a reason yet.
        Assert.Empty(LoadVerdict.SoFar(summary, lateness, medianGapSeconds: null, Usage()));

        summary.Statuses[RequestStatus.Completed] = 98;
        summary.Statuses[RequestStatus.ServerError] = 2;
        LatencyHistogram late = new();
        late.Add(0.006);
        ClientUsage usage = Usage() with { Reading = new ReadingSelfCheck("kernel", late, null), ReaderBusyRatio = 0.96 };

        // 2 of 100 failed, the client read 6 ms late where half a gap is 5 ms, and its reader was busy for 96 % of the time.
        Assert.Equal(
            ["failures", "client-receive-lag", "client-cpu"],
            LoadVerdict.SoFar(summary, lateness, medianGapSeconds: 0.010, usage).Select(reason => reason.Code.ToString()));
    }

    private static ClientUsage Usage() => new()
    {
        EndSeconds = 10,
        CpuCores = 0.2,
        GcPauseRatio = 0.001,
        AllocatedBytes = 1,
        Reading = new ReadingSelfCheck("user", null, null),
    };
}
