using GreenServe.Running.Live;
using GreenServe.Watching.Courses;

namespace GreenServe.Tests.Watching.Courses;

public sealed class PageHistoryTests
{
    [Fact]
    public void NewsSince_GivesOnlyWhatIsNew_WhenAReaderComesBack()
    {
        PageHistory history = new();
        Show(history, 1);
        LiveNews first = history.NewsSince(seen: null);
        Show(history, 2);

        LiveNews second = history.NewsSince(first.Bookmark);

        Assert.Equal([1], first.Moments.Select(moment => moment.ElapsedSeconds));
        Assert.True(first.Changed.IsCompleted);
        Assert.Equal([2], second.Moments.Select(moment => moment.ElapsedSeconds));
        Assert.False(second.IsNewCourse);
        Assert.False(second.Changed.IsCompleted);
    }

    [Fact]
    public void NewsSince_KeepsTheWholeCourseInBoundedRoom_WhenARunIsLong()
    {
        PageHistory history = new();
        const int Seconds = 100_000;
        for (int second = 0; second < Seconds; second++)
        {
            Show(history, second);
        }

        double[] kept = [.. history.NewsSince(seen: null).Moments.Select(moment => moment.ElapsedSeconds)];

        // 1200 moments a second apart fit until 1200 s, then every 2nd until 2400 s, ... every 128th until 153600 s: 100000 / 128 = 782.
        Assert.Equal(782, kept.Length);
        Assert.Equal(0, kept[0]);
        Assert.Equal(781 * 128, kept[^1]);
        Assert.All(kept.Zip(kept.Skip(1)), pair => Assert.Equal(128, pair.Second - pair.First));
    }

    [Fact]
    public void NewsSince_StartsAgain_WhenAnotherCourseHasBegun()
    {
        PageHistory history = new();
        history.Show(State(1), [State(1).Now], [new LivePointResult("a", "VALID", IsValid: true)]);
        LiveBookmark mark = history.NewsSince(seen: null).Bookmark;

        history.BeginCourse();
        Show(history, 5, [new("a", "VALID", IsValid: true), new("b", "VALID", IsValid: true)]);
        LiveNews news = history.NewsSince(mark);

        Assert.True(news.IsNewCourse);
        Assert.Equal([5], news.Moments.Select(moment => moment.ElapsedSeconds));
        Assert.Equal(["b"], news.Ended.Select(point => point.Point));
    }

    [Fact]
    public void Complete_TellsReadersThatNothingFollows()
    {
        PageHistory history = new();
        LiveNews before = history.NewsSince(seen: null);

        history.Complete();

        Assert.False(before.IsComplete);
        Assert.True(before.Changed.IsCompleted);
        Assert.True(history.NewsSince(before.Bookmark).IsComplete);
    }

    private static void Show(PageHistory history, double seconds, IReadOnlyList<LivePointResult>? ended = null) =>
        history.Show(State(seconds), [State(seconds).Now], ended ?? []);

    private static LiveState State(double seconds) => new()
    {
        Title = "run",
        Phase = LivePhase.Measuring,
        Rule = "",
        Now = new LiveMoment { ElapsedSeconds = seconds },
    };
}
