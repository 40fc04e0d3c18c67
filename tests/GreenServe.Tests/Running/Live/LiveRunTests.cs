using GreenServe.Records;
using GreenServe.Records.Verdicts;
using GreenServe.Running.Live;
using GreenServe.Serving.Load;
using Microsoft.Extensions.Time.Testing;

namespace GreenServe.Tests.Running.Live;

public sealed class LiveRunTests
{
    private readonly FakeTimeProvider time = new();
    private readonly LiveRun live;

    public LiveRunTests() => live = new LiveRun(time);

    [Fact]
    public void Latest_HasTheTimesOfThisMoment_UntilTheCommandHasEnded()
    {
        live.Plan(1);
        live.BeginPoint("one", isSimulated: false);
        Advance(5);
        live.Show(Load(remaining: 20));
        Advance(2);

        Assert.Equal((7.0, 18.0), (live.Latest.ElapsedSeconds, live.Latest.RemainingSeconds));

        live.Enter(LivePhase.Ended);
        Advance(60);
        Assert.Equal(7, live.Latest.ElapsedSeconds);
    }

    [Theory]
    [InlineData(LoadStage.WarmingUp, LivePhase.WarmingUp)]
    [InlineData(LoadStage.Measuring, LivePhase.Measuring)]
    [InlineData(LoadStage.Draining, LivePhase.Draining)]
    public void Show_SaysWhatTheLoadDoes_AndForgetsWhatWasWaitedFor(LoadStage stage, LivePhase expected)
    {
        live.Enter(LivePhase.WaitingForServer, "starting");
        live.Show(Load(remaining: null) with { Stage = stage, Reasons = [new VerdictReason(VerdictCode.Failures, "2 of 9")] });

        LiveSnapshot seen = live.Latest;
        Assert.Equal((expected, null), (seen.Phase, seen.Activity));
        Assert.Equal((9, 0.25), (seen.Load!.Sent, seen.Load.TtftP50Seconds));
        Assert.Null(seen.Load.JoulesPerOutputToken);
        Assert.Equal("2 of 9", Assert.Single(seen.Reasons).Message);
    }

    [Fact]
    public void EndPoint_LeavesNothingOfThePointButItsResult()
    {
        live.Plan(2);
        live.BeginPoint("one", isSimulated: false);
        live.Show(Load(remaining: 1));
        live.NoteResult(joulesPerToken: 0.5, tokensPerSecond: 100);
        live.EndPoint(new LivePointResult("one", "VALID", IsValid: true));
        live.BeginPoint("two", isSimulated: false);
        live.EndPoint(new LivePointResult("two", "not run: no server", IsValid: false));

        LiveSnapshot seen = live.Latest;
        Assert.Equal((null, null, LivePhase.Preparing), (seen.Point, seen.Load, seen.Phase));
        Assert.Equal([(0.5, 100), (null, null)], seen.Ended.Select(ended => (ended.JoulesPerOutputToken, ended.OutputTokensPerSecond)));
    }

    [Fact]
    public void Show_EstimatesTheRest_FromThePointsThatHaveEnded()
    {
        live.Plan(4);
        Advance(10);
        live.BeginPoint("one", isSimulated: false);
        Advance(20);
        live.Show(Load(remaining: 5));

        // Nothing has ended: each of the three further points is taken to last 25 s like this one.
        Assert.Equal(5 + (3 * 25), live.Latest.RemainingSeconds);

        Advance(10);
        live.EndPoint(new LivePointResult("one", "VALID", IsValid: true));
        live.BeginPoint("two", isSimulated: false);
        Advance(1);
        live.Show(Load(remaining: 9));

        // The first one took 30 s, and two further ones come after this one.
        Assert.Equal(9 + (2 * 30), live.Latest.RemainingSeconds);
    }

    [Fact]
    public void Show_EstimatesNoRest_WhenNobodyKnowsTheNumberOfPoints()
    {
        live.BeginPoint("load-1", isSimulated: false);
        live.Show(Load(remaining: 5));

        Assert.Equal((null, 5.0), (live.Latest.RemainingSeconds, live.Latest.Load!.RemainingSeconds));
    }

    [Fact]
    public void EndPoint_CountsEveryPoint_WhenManyThreadsSimulate()
    {
        live.Plan(500);
        Parallel.For(0, 500, point =>
        {
            live.BeginPoint(null, isSimulated: true);
            live.EndPoint(new LivePointResult($"{point}", "VALID", IsValid: true));
        });

        LiveSnapshot seen = live.Latest;
        Assert.Equal((LivePhase.Simulating, EvidenceKind.Simulated, null), (seen.Phase, seen.Evidence, seen.Point));
        Assert.Equal(500, seen.Ended.Select(ended => ended.Point).Distinct().Count());
        Assert.Equal(0, seen.RemainingSeconds);
    }

    [Fact]
    public void Show_CountsTheSimulationsOfASearch_AndEstimatesTheTimeLeft()
    {
        LiveTrial bad = new("TP 1", 2, WorstRatio: 1.5, IsFeasible: false);
        LiveTrial good = new("TP 2", 3, WorstRatio: 0.5, IsFeasible: true);
        Advance(10);
        live.BeginSearch("energy of an output token", "J/token", maxSimulations: 8);
        Advance(4);
        live.Show(bad, best: bad);
        Advance(2);
        live.Show(good, best: good);

        LiveSnapshot seen = live.Latest;
        LiveSearch search = seen.Search!;
        Assert.Equal((LivePhase.Simulating, EvidenceKind.Simulated), (seen.Phase, seen.Evidence));
        Assert.Equal([bad, good], search.Trials);
        Assert.Equal((1, good), (search.Feasible, search.Best));

        // Two simulations took 6 s, and at most 6 more are allowed: 6 x 3 s.
        Assert.Equal(18, seen.RemainingSeconds);
    }

    [Fact]
    public void Show_IsRefused_WhenNoSearchHasBegun()
    {
        LiveTrial trial = new("TP 1", 2, WorstRatio: null, IsFeasible: true);

        Assert.Throws<InvalidOperationException>(() => live.Show(trial, trial));
    }

    private void Advance(double seconds) => time.Advance(TimeSpan.FromSeconds(seconds));

    private static LoadProgress Load(double? remaining) => new()
    {
        Stage = LoadStage.Measuring,
        OriginSeconds = 0,
        ElapsedSeconds = 3,
        RemainingSeconds = remaining,
        Planned = 10,
        Sent = 9,
        InFlight = 1,
        Completed = 6,
        Failed = 2,
        OutputTokens = 100,
        OutputTokensPerSecond = 30,
        RequestsPerSecond = 2,
        TtftP50Seconds = 0.25,
    };
}
