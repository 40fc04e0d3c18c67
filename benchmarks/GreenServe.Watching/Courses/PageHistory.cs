using GreenServe.Running.Live;

namespace GreenServe.Watching.Courses;

/// <summary>The course of a run so far, for browsers that come late: the newest state, moments, and the points that have ended.</summary>
/// <remarks>
/// At most <see cref="MaxMoments"/> moments are kept, about 1 MB with eight meters. When there are as many, every second one is dropped,
/// and from then on only every second new one is kept, so that the whole course stays with half the detail. Ended points and the
/// simulations of a search are all kept.
/// The type is thread-safe.
/// </remarks>
public sealed class PageHistory
{
    /// <summary>Largest number of moments that are kept. Ten minutes of a run at two moments a second.</summary>
    public const int MaxMoments = 1200;

    private readonly Lock gate = new();
    private readonly List<(long Number, LiveMoment Moment)> moments = [];
    private readonly List<LivePointResult> ended = [];
    private readonly List<LiveTrial> trials = [];
    private LiveState? state;
    private long count;
    private long stride = 1;
    private int course;
    private bool isComplete;
    private TaskCompletionSource changed = NewSignal();

    /// <summary>Adds moments of the course, and makes a state the newest. Both become visible together.</summary>
    /// <param name="next">The newest state.</param>
    /// <param name="added">Moments in the order of time, later than those added before.</param>
    /// <param name="results">Every point that has ended, in the order of their ends. Those that are known already come first.</param>
    /// <param name="simulated">
    /// Every simulation of the search, in the same order; <c>null</c> where there is no search.
    /// </param>
    public void Show(
        LiveState next,
        IEnumerable<LiveMoment> added,
        IReadOnlyList<LivePointResult> results,
        IReadOnlyList<LiveTrial>? simulated = null)
    {
        lock (gate)
        {
            state = next;
            foreach (LiveMoment moment in added)
            {
                Add(moment);
            }

            ended.AddRange(results.Skip(ended.Count));
            trials.AddRange((simulated ?? []).Skip(trials.Count));
            Signal();
        }
    }

    /// <summary>Forgets the moments: another run is shown from now on. The points that have ended stay.</summary>
    public void BeginCourse()
    {
        lock (gate)
        {
            moments.Clear();
            (count, stride) = (0, 1);
            course++;
            Signal();
        }
    }

    /// <summary>Says that nothing more will come.</summary>
    public void Complete()
    {
        lock (gate)
        {
            isComplete = true;
            Signal();
        }
    }

    /// <summary>What has come since a reader looked last.</summary>
    /// <param name="seen">How far the reader is; <c>null</c> for a new one, which gets everything that is kept.</param>
    internal LiveNews NewsSince(LiveBookmark? seen)
    {
        lock (gate)
        {
            bool isNewCourse = seen is not { } mark || mark.Course != course;
            long from = isNewCourse ? 0 : seen!.Value.Moments;
            int known = seen?.Ended ?? 0;
            return new LiveNews
            {
                Bookmark = new LiveBookmark(course, count, ended.Count, trials.Count),
                IsNewCourse = isNewCourse,
                State = state,
                Moments = [.. moments.Where(one => one.Number >= from).Select(one => one.Moment)],
                Ended = ended[known..],
                Trials = trials[(seen?.Trials ?? 0)..],
                IsComplete = isComplete,
                Changed = changed.Task,
            };
        }
    }

    private void Add(LiveMoment moment)
    {
        long number = count++;
        if (number % stride != 0)
        {
            return;
        }

        moments.Add((number, moment));
        if (moments.Count >= MaxMoments)
        {
            stride *= 2;
            moments.RemoveAll(one => one.Number % stride != 0);
        }
    }

    private void Signal()
    {
        TaskCompletionSource before = changed;
        changed = NewSignal();
        before.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>How far a reader of a <see cref="PageHistory"/> is.</summary>
/// <param name="Course">Number of the course whose moments it has.</param>
/// <param name="Moments">Number of moments of that course that had come.</param>
/// <param name="Ended">Number of ended points that it has.</param>
/// <param name="Trials">Number of simulations of a search that it has.</param>
internal readonly record struct LiveBookmark(int Course, long Moments, int Ended, int Trials);

/// <summary>What a reader of a <see cref="PageHistory"/> does not know yet.</summary>
internal sealed record LiveNews
{
    /// <summary>Where to go on from.</summary>
    internal required LiveBookmark Bookmark { get; init; }

    /// <summary>Whether the moments that the reader has belong to another course.</summary>
    internal required bool IsNewCourse { get; init; }

    /// <summary>The newest state; <c>null</c> before the first.</summary>
    internal required LiveState? State { get; init; }

    /// <summary>New moments, in the order of time.</summary>
    internal required IReadOnlyList<LiveMoment> Moments { get; init; }

    /// <summary>Points that have ended since.</summary>
    internal required IReadOnlyList<LivePointResult> Ended { get; init; }

    /// <summary>Simulations of a search that have ended since.</summary>
    internal required IReadOnlyList<LiveTrial> Trials { get; init; }

    /// <summary>Whether nothing more will come.</summary>
    internal required bool IsComplete { get; init; }

    /// <summary>Ends when there is more.</summary>
    internal required Task Changed { get; init; }
}
