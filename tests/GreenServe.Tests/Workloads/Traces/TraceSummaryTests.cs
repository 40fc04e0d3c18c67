using GreenServe.Records.Requests;
using GreenServe.Workloads.Traces;

namespace GreenServe.Tests.Workloads.Traces;

public sealed class TraceSummaryTests
{
    [Fact]
    public void Of_CountsWhatIsThere_InClosedForm()
    {
        // Gaps 1, 3, 1, 3: mean 2, standard deviation 1, so a variation of 0.5; 4 gaps in 8 s.
        Trace trace = new(
            [new(0, 100, 10), new(1, 300, 20), new(4, 500, 200), new(5, 700, 400), new(8, 2000, 400)],
            RowsWithoutTokens: 2,
            TraceFormat.Normalised);

        TraceSummary summary = TraceSummary.Of(trace);

        Assert.Equal(5, summary.Requests);
        Assert.Equal(2, summary.RowsWithoutTokens);
        Assert.Equal(8, summary.SpanSeconds);
        Assert.Equal(0.5, summary.RequestsPerSecond);
        Assert.Equal(0.5, summary.GapCoefficientOfVariation!.Value, 1e-12);
        Assert.Null(summary.MinPerMinute);

        // Type 7: the 90th percentile of five values lies 0.6 of the way from the fourth to the fifth.
        Assert.Equal(new LengthSummary(720, 100, 500, 700 + (0.6 * 1300), 700 + (0.96 * 1300), 2000), summary.Input);
        Assert.Equal(
            new Dictionary<string, double> { ["SS"] = 0.2, ["MS"] = 0.2, ["MM"] = 0.2, ["ML"] = 0.2, ["LL"] = 0.2 },
            summary.ClassShares.Where(pair => pair.Share > 0).ToDictionary(pair => pair.Class.Name, pair => pair.Share));
    }

    [Fact]
    public void Of_CountsWholeMinutesAlone_WhenTheLastOneIsCut()
    {
        // Three requests in the first minute, one in the second, none in the third, one in what is left.
        Trace trace = new([new(0, 1, 1), new(10, 1, 1), new(59, 1, 1), new(60, 1, 1), new(185, 1, 1)], 0, TraceFormat.Normalised);

        TraceSummary summary = TraceSummary.Of(trace);

        Assert.Equal(0, summary.MinPerMinute);
        Assert.Equal(3, summary.MaxPerMinute);
    }

    [Fact]
    public void Of_LeavesTheRateOut_WhenAllArriveAtOnce()
    {
        TraceSummary summary = TraceSummary.Of(new Trace([new(0, 1, 1), new(0, 2, 2)], 0, TraceFormat.Normalised));

        Assert.Null(summary.RequestsPerSecond);
        Assert.Null(summary.GapCoefficientOfVariation);
    }

    [Fact]
    public void Of_UsesTheGivenCuts_WhenTheyAreNotTheDefault()
    {
        RequestClassCuts cuts = new() { MediumInputTokens = 2, LongInputTokens = 3, MediumOutputTokens = 2, LongOutputTokens = 3 };

        TraceSummary summary = TraceSummary.Of(new Trace([new(0, 3, 1)], 0, TraceFormat.Normalised), cuts);

        Assert.Equal(1, summary.ClassShares.Single(pair => pair.Class.Name == "LS").Share);
    }
}
