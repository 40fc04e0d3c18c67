using GreenServe.Cli.Live;
using GreenServe.Records;
using GreenServe.Running.Live;
using GreenServe.Tests.Watching;
using Microsoft.Extensions.Time.Testing;

namespace GreenServe.Tests.Cli.Live;

public sealed class LiveLineTests
{
    [Fact]
    public void Of_SaysWhatALogReaderNeeds() => Assert.Equal(
        "1:23 measured, measuring; about 2:04 left; 64 in flight, 440 completed, 8 failed of 2000; 8,123 tokens/s; "
        + "TTFT p50 52.1 ms p99 1.23 s; TBT p50 10.1 ms p99 12.2 ms; client sends 0.410 ms late at p99; 412 W; "
        + "0.0412 J/token",
        LiveLine.Of(Snapshots.Measuring));

    [Fact]
    public void Of_NamesThePointAndTheReasons_InASweep()
    {
        string line = LiveLine.Of(Snapshots.OfASweep)!;

        Assert.StartsWith("1:23 batch-8_r0 measured, measuring;", line, StringComparison.Ordinal);
        Assert.EndsWith("; so far failures", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_IsNothing_WhenOtherLinesSayEnough()
    {
        LiveSnapshot simulating = new()
        {
            Title = "load",
            Phase = LivePhase.Simulating,
            Evidence = EvidenceKind.Simulated,
            ElapsedSeconds = 65,
            PointsPlanned = 40,
        };

        Assert.Null(LiveLine.Of(Snapshots.Measuring with { Load = null }));
        Assert.Null(LiveLine.Of(simulating));
        Assert.Equal("1:05 simulated, simulating", LiveLine.Of(simulating with { PointsPlanned = 1 }));
        Assert.Equal(
            "0:03 simulated, simulating; about 0:37 left; 3 of at most 40 simulations, 3 of them candidates; "
            + "best so far: TP 4, 3 MHz: 2.85 J/token, worst latency at 15.0 % of its limit",
            LiveLine.Of(LiveScenes.Search(new FakeTimeProvider(), ended: 3).Latest));
        Assert.Equal(
            "1:05 simulated, simulating; about 0:20 left; 2,048 of 3,000 requests have ended",
            LiveLine.Of(simulating with { PointsPlanned = 1, RemainingSeconds = 20, Activity = "2,048 of 3,000 requests have ended" }));
    }
}
