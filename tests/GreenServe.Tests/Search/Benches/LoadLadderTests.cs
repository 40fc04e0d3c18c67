using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Metrics;
using GreenServe.Records.Runs;
using GreenServe.Records.Verdicts;
using GreenServe.Search.Benches;
using GreenServe.Tests.Analysis;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Search.Benches;

public sealed class LoadLadderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly RunMetrics metrics;

    public LoadLadderTests() => metrics = RunMetrics.Of(new SyntheticRun { Batch = 4 }.WriteAndRead(folder.PathOf("run")));

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Next_IsOneUser_WhenNothingIsKnown() => Assert.Equal(OfferedLoad.OfUsers(1), LoadLadder.Next([]));

    [Fact]
    public void Next_IsTheRateOfOneUser_WhenOneUserWasMeasured()
    {
        // The rate of one user is the reciprocal of the time that a request takes, in three digits.
        double expected = double.Parse((1 / metrics.Latencies.E2e!.MeanSeconds).ToString("G3"));

        Assert.Equal(OfferedLoad.OfRate(expected), LoadLadder.Next([OneUser()]));
    }

    [Fact]
    public void Next_GoesOnUpwards_WhenOneRunWasDisturbed()
    {
        OfferedLoad next = LoadLadder.Next([OneUser(), At(1), At(2, VerdictCode.ClientLag)])!.Value;

        Assert.True(next.RequestsPerSecond >= 4);
    }

    [Fact]
    public void Next_GoesBetween_WhenTheClientWasDisturbedTwiceInARow()
    {
        OfferedLoad next = LoadLadder.Next([OneUser(), At(1), At(4, VerdictCode.ClientLag), At(8, VerdictCode.ClientLag)])!.Value;

        // The middle of 1 and 4 on a logarithmic scale.
        Assert.Equal(2, next.RequestsPerSecond);
    }

    [Fact]
    public void Next_HalvesTheGapAtTheCapacity_WhenTheServerDidNotFollow()
    {
        OfferedLoad next = LoadLadder.Next([OneUser(), At(1), At(4, VerdictCode.Saturated)])!.Value;

        Assert.Equal(2, next.RequestsPerSecond);
    }

    [Fact]
    public void Next_IsNothing_WhenOneUserCannotBeServed() =>
        Assert.Null(LoadLadder.Next([Result(OfferedLoad.OfUsers(1), VerdictCode.InputLengths)]));

    [Fact]
    public void Next_IsNothing_WhenEveryGapIsNarrow()
    {
        double oneUser = double.Parse((1 / metrics.Latencies.E2e!.MeanSeconds).ToString("G3"));

        // From almost idle to the capacity no two rates differ by more than a factor of 1.5, and the last two by 1.2.
        LoadResult[] rates = [.. Enumerable.Range(0, 9).Select(step => At(0.25 * oneUser * Math.Pow(1.4, step)))];
        double last = rates[^1].Load.RequestsPerSecond!.Value * 1.2;

        Assert.Null(LoadLadder.Next([OneUser(), .. rates, At(last, VerdictCode.Saturated)]));
    }

    private LoadResult OneUser() => Result(OfferedLoad.OfUsers(1));

    private LoadResult At(double requestsPerSecond, VerdictCode? code = null) => Result(OfferedLoad.OfRate(requestsPerSecond), code);

    private LoadResult Result(OfferedLoad load, VerdictCode? code = null)
    {
        RunVerdict verdict = new(code is null ? [] : [new VerdictReason(code, "a test")]);
        RunManifest manifest = metrics.Manifest with { Verdict = verdict };
        return new LoadResult(load, new ExperimentRun("run", metrics with { Manifest = manifest, Verdict = verdict }), WallSeconds: 1);
    }
}
