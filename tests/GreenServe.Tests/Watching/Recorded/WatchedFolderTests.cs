using System.Text.Json.Nodes;
using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Running.Live;
using GreenServe.Tests.Analysis;
using GreenServe.Tests.Fixtures;
using GreenServe.Watching.Courses;
using GreenServe.Watching.Recorded;
using Microsoft.Extensions.Time.Testing;

namespace GreenServe.Tests.Watching.Recorded;

public sealed class WatchedFolderTests
{
    [Fact]
    public async Task Open_ShowsTheWholeCourseAndTheVerdict_WhenARecordIsFinished()
    {
        using TemporaryFolder folder = new();
        RecordCourseTests.Write(folder.PathOf("run"), requests: 60);
        PageHistory history = new();

        await using WatchedFolder watched = WatchedFolder.Open(folder.PathOf("run"), history, new FakeTimeProvider(DateTimeOffset.UtcNow));
        LiveNews news = await UntilAsync(history, one => one.State?.Verdict is not null);

        // 61 s at 600 moments: about every 0.1 s.
        Assert.Equal(600, news.Moments.Count);
        Assert.Equal(61, news.Moments[^1].ElapsedSeconds, 1e-6);
        Assert.Equal(LivePhase.Ended, news.State!.Phase);
        Assert.Equal("VALID", news.State.Verdict);
        Assert.Equal(EvidenceKind.Simulated, news.State.Evidence);
        Assert.Equal("synthetic, llama-2-70b", news.State.Title);
        Assert.Equal(60, news.State.RequestsCompleted);

        // In the window from 1 s to 60 s 400 W flow, and 11 tokens a second leave the server.
        Assert.Equal(400 / 11.0, Assert.Single(news.Ended).JoulesPerOutputToken!.Value, 0.4);
    }

    [Fact]
    public async Task Open_FollowsARecord_WhileItIsWrittenAndToItsEnd()
    {
        using TemporaryFolder folder = new();
        FakeTimeProvider clock = new(DateTimeOffset.UtcNow);
        PageHistory history = new();
        string run = folder.PathOf("run");
        RunManifest manifest = new SyntheticRun().Manifest with { DurationSeconds = null, Concurrency = null };
        using RunRecordWriter writer = RunRecordWriter.Create(run, manifest, clock: clock);
        RecordCourseTests.Add(writer, 0, 10);
        clock.Advance(TimeSpan.FromSeconds(1));
        await RowsAsync(run, 10);

        await using WatchedFolder watched = WatchedFolder.Open(run, history, clock);
        LiveNews early = await UntilAsync(history, one => one.State is not null);
        RecordCourseTests.Add(writer, 10, 20);
        clock.Advance(TimeSpan.FromSeconds(1));
        await RowsAsync(run, 20);
        LiveNews later = await AdvanceUntilAsync(clock, history, one => one.State!.RequestsCompleted == 20);
        writer.Complete(started => started with { DurationSeconds = 23, Verdict = GreenServe.Records.Verdicts.RunVerdict.Valid });
        LiveNews end = await AdvanceUntilAsync(clock, history, one => one.State!.Phase == LivePhase.Ended);

        Assert.Equal(LivePhase.Measuring, early.State!.Phase);
        Assert.Null(early.State.Verdict);
        Assert.Equal(10, early.State.RequestsCompleted);

        // The last request of ten ends at 11 s. What is younger than 1 s may change: moments at 1, 2, ... 10 s, and then up to 20 s.
        Assert.Equal(10, early.Moments[^1].ElapsedSeconds, 1e-9);
        Assert.Equal(20, later.Moments[^1].ElapsedSeconds, 1e-9);
        Assert.Equal(23, end.Moments[^1].ElapsedSeconds, 1e-9);
        Assert.False(end.IsNewCourse && later.IsNewCourse && end.Bookmark.Course != later.Bookmark.Course);
        Assert.NotNull(end.State!.Verdict);
    }

    [Fact]
    public async Task Open_SaysInterrupted_WhenARecordWasKilled()
    {
        using TemporaryFolder folder = new();
        RecordCourseTests.Write(folder.PathOf("run"), requests: 20, isFinished: false);
        PageHistory history = new();
        FakeTimeProvider clock = new(DateTimeOffset.UtcNow + TimeSpan.FromSeconds(100));

        await using WatchedFolder watched = WatchedFolder.Open(folder.PathOf("run"), history, clock);
        LiveNews news = await UntilAsync(history, one => one.State is not null);

        Assert.Equal(LivePhase.Ended, news.State!.Phase);
        Assert.Contains("the run was stopped before its end", news.State.Verdict, StringComparison.Ordinal);
        Assert.Equal("interrupted", news.State.Reasons[0].Code);
        Assert.StartsWith("Nothing was written for ", news.State.Activity, StringComparison.Ordinal);

        // The readings end at 22.9 s.
        Assert.Equal(21, news.Moments[^1].ElapsedSeconds, tolerance: 1);
    }

    [Fact]
    public async Task Open_ShowsEveryPoint_WhenAFolderHoldsThoseOfASweep()
    {
        using TemporaryFolder folder = new();
        foreach (int batch in new[] { 1, 2, 4 })
        {
            SyntheticRun run = new()
            {
                Batch = batch,
                Artifact = "batch-size",
                Coordinates = new Dictionary<string, JsonNode?> { ["batch"] = batch },
            };
            run.Write(folder.PathOf("sweep", $"batch-{batch}"));
        }

        folder.Write(Path.Combine("sweep", "broken", "run.json"), "{ not json");
        PageHistory history = new();

        await using WatchedFolder watched = WatchedFolder.Open(folder.PathOf("sweep"), history, TimeProvider.System);
        LiveNews news = await UntilAsync(history, one => one.State?.Now.PointsEnded == 4);

        Assert.Equal("sweep", news.State!.Title);
        Assert.Equal(EvidenceKind.Simulated, news.State.Evidence);
        Assert.Empty(news.Moments);
        Assert.Equal(["1", "2", "4"], news.Ended.Where(point => point.IsValid).Select(point => point.Axes["batch"]));
        Assert.Contains(
            news.Ended, point => point.Point == "broken" && point.Result.StartsWith("cannot be read: ", StringComparison.Ordinal));
    }

    [Fact]
    public void Open_Refuses_WhenThereIsNoRecord()
    {
        using TemporaryFolder folder = new();
        folder.Write(Path.Combine("damaged", "run.json"), "[]");

        Assert.All(
            [folder.PathOf("nothing"), folder.Root + "/damaged"],
            path => Assert.Throws<InvalidInputException>(() => WatchedFolder.Open(path, new PageHistory(), TimeProvider.System)));
    }

    private static async Task<LiveNews> UntilAsync(PageHistory history, Func<LiveNews, bool> isThere)
    {
        while (true)
        {
            LiveNews news = history.NewsSince(seen: null);
            if (isThere(news))
            {
                return news;
            }

            await news.Changed.WaitAsync(TimeSpan.FromSeconds(30));
        }
    }

    /// <summary>Lets the watcher look again and again, each time after its pause.</summary>
    private static async Task<LiveNews> AdvanceUntilAsync(FakeTimeProvider clock, PageHistory history, Func<LiveNews, bool> isThere)
    {
        for (int look = 0; look < 3000; look++)
        {
            LiveNews news = history.NewsSince(seen: null);
            if (isThere(news))
            {
                return news;
            }

            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }

        throw new InvalidOperationException("the watcher never saw it");
    }

    /// <summary>Waits until the writer's own thread has brought so many rows to the disk.</summary>
    private static async Task RowsAsync(string run, int rows)
    {
        for (int look = 0; look < 3000; look++)
        {
            await using FileStream file = new(Path.Combine(run, "requests.csv"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using StreamReader reader = new(file);
            if ((await reader.ReadToEndAsync()).Count(letter => letter == '\n') == rows + 1)
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }

        throw new InvalidOperationException("the rows never came");
    }
}
