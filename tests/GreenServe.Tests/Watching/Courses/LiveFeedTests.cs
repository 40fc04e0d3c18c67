using GreenServe.Running.Live;
using GreenServe.Watching.Courses;
using Microsoft.Extensions.Time.Testing;

namespace GreenServe.Tests.Watching.Courses;

public sealed class LiveFeedTests
{
    [Fact]
    public async Task Start_CopiesTwiceASecond_AndTheLastSnapshotAtTheEnd()
    {
        FakeTimeProvider clock = new();
        LiveRun run = new(clock);
        PageHistory history = new();
        run.Update(_ => LiveScenes.Run(30));
        LiveFeed feed = LiveFeed.Start(run, history, clock);
        LiveNews first = history.NewsSince(seen: null);

        run.Update(_ => LiveScenes.Run(31));
        clock.Advance(TimeSpan.FromSeconds(0.5));
        await first.Changed;
        LiveNews second = history.NewsSince(first.Bookmark);
        run.Update(_ => LiveScenes.Run(32) with { Phase = LivePhase.Ended, Load = null, Meters = [] });
        await feed.DisposeAsync();
        LiveNews last = history.NewsSince(second.Bookmark);

        // 20 s after the load began 4 requests a second were sent: 80, and 84 a second later.
        Assert.Equal(80, first.State!.RequestsSent);
        Assert.Equal(84, second.State!.RequestsSent);
        Assert.Equal(LivePhase.Ended, last.State!.Phase);
        Assert.True(last.IsComplete);

        // What the charts need stays known when the load is over.
        Assert.Equal(84, last.State.RequestsSent);
        Assert.Equal(["gpu0.energy", "gpu0.memory", "package-0"], last.State.Meters.Select(meter => meter.Name));
    }

    [Fact]
    public async Task Start_GivesTheSimulationsOfASearchOnce_WhenAReaderComesBack()
    {
        FakeTimeProvider clock = new();
        LiveRun run = LiveScenes.Search(clock, ended: 3);
        PageHistory history = new();
        LiveFeed feed = LiveFeed.Start(run, history, clock);
        LiveNews first = history.NewsSince(seen: null);

        LiveTrial fourth = new("TP 8", 1.5, 0.4, IsFeasible: true);
        run.Show(fourth, best: fourth);
        await feed.DisposeAsync();
        LiveNews second = history.NewsSince(first.Bookmark);

        Assert.Equal(3, first.Trials.Count);
        Assert.Equal(new WatchedSearch("energy of an output token", "J/token", 40, 3, 3, first.Trials[2]), first.State!.Search);
        Assert.Equal([fourth], second.Trials);
        Assert.Equal(fourth, second.State!.Search!.Best);
    }

    [Fact]
    public async Task Start_LeavesOutTheWatts_WhenAMeterHasNoNumberYet()
    {
        FakeTimeProvider clock = new();
        LiveRun run = new(clock);
        PageHistory history = new();
        run.Update(_ => LiveScenes.Run(5));

        await using LiveFeed feed = LiveFeed.Start(run, history, clock);
        LiveMoment now = history.NewsSince(seen: null).State!.Now;

        Assert.Equal(118, now.MeterWatts["gpu0.energy"]);
        Assert.False(now.MeterWatts.ContainsKey("gpu0.memory"));
        Assert.Null(now.InFlightRequests);
    }
}
