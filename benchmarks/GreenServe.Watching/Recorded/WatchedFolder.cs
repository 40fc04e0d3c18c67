using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Runs;
using GreenServe.Records.Tables;
using GreenServe.Running.Live;
using GreenServe.Watching.Courses;

namespace GreenServe.Watching.Recorded;

/// <summary>Copies the records in a folder into a <see cref="PageHistory"/>, over and over while another process may write them.</summary>
/// <remarks>
/// A look reads the tables of the record that is being written. Looks are at least 1 s apart, and at least ten times as long as the last
/// one took, so that watching takes a tenth of one processor core at most.
/// </remarks>
public sealed class WatchedFolder : IAsyncDisposable
{
    /// <summary>A record to which nothing was written for so long is taken for killed (s).</summary>
    internal const double SilenceSeconds = 30;

    private const double MinPauseSeconds = 1;
    private const double PauseMultiple = 10;

    private readonly string folder;
    private readonly PageHistory history;
    private readonly TimeProvider clock;
    private readonly Dictionary<string, (DateTime Written, JudgedRecord? Judged)> taken = [];
    private readonly List<LivePointResult> ended = [];
    private readonly HashSet<EvidenceKind> evidence = [];
    private readonly CancellationTokenSource stop = new();
    private Task watching = Task.CompletedTask;
    private string? shown;
    private double shownSeconds;
    private DateTime shownAt;
    private bool wasAlive;
    private LiveState? state;

    private WatchedFolder(string folder, PageHistory history, TimeProvider clock)
    {
        this.folder = folder;
        this.history = history;
        this.clock = clock;
    }

    /// <summary>Looks at a folder, and goes on to look.</summary>
    /// <param name="folder">A run record, or a folder with run records in or below it.</param>
    /// <param name="history">Receives what the records say.</param>
    /// <param name="clock">Source of time.</param>
    /// <exception cref="InvalidInputException">The folder is missing or holds no record, or its only record cannot be read.</exception>
    public static WatchedFolder Open(string folder, PageHistory history, TimeProvider clock)
    {
        WatchedFolder watched = new(folder, history, clock);
        IReadOnlyList<string> found = RunRecord.Find([folder]);
        if (found.Count == 1)
        {
            _ = RunRecord.Read(found[0]);
        }

        watched.watching = watched.WatchAsync();
        return watched;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync().ConfigureAwait(false);
        await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        history.Complete();
        stop.Dispose();
    }

    private async Task WatchAsync()
    {
        await Task.Yield();
        while (true)
        {
            long begin = clock.GetTimestamp();
            try
            {
                Look();
            }
            catch (Exception exception) when (exception is InvalidInputException or IOException or UnauthorizedAccessException)
            {
                // A record may be in the middle of its end, when CSV becomes Parquet. The next look finds it whole.
                state = (state ?? Alone()) with { Activity = $"The records cannot be read now: {ShownText.OneLine(exception.Message)}" };
                history.Show(state, [], [.. ended]);
            }

            double pause = Math.Max(MinPauseSeconds, PauseMultiple * clock.GetElapsedTime(begin).TotalSeconds);
            await Task.Delay(TimeSpan.FromSeconds(pause), clock, stop.Token).ConfigureAwait(false);
        }
    }

    private void Look()
    {
        IReadOnlyList<string> found = RecordSearch.In([folder]).Folders;
        List<(string Folder, DateTime Written)> unfinished = [];
        foreach (string record in found)
        {
            DateTime written = ManifestWrite(record);
            if (!taken.TryGetValue(record, out (DateTime Written, JudgedRecord?) known) || known.Written != written)
            {
                Take(record, written, unfinished, isOnly: found.Count == 1);
                stop.Token.ThrowIfCancellationRequested();
            }
        }

        // Of several unfinished records the newest is shown. The others were killed.
        string? current = unfinished.Count > 0 ? unfinished.MaxBy(one => one.Written).Folder : found.Count == 1 ? found[0] : null;
        foreach ((string record, _) in unfinished.Where(one => one.Folder != current))
        {
            End(record, ManifestWrite(record));
        }

        if (current is not null)
        {
            Show(current, isOnly: found.Count == 1);
        }
        else
        {
            ShowPointsAlone();
        }
    }

    private void Take(string record, DateTime written, List<(string, DateTime)> unfinished, bool isOnly)
    {
        if (IsUnfinished(record))
        {
            unfinished.Add((record, NewestWrite(record)));
            return;
        }

        End(record, written);
        if (!isOnly)
        {
            // A folder may hold thousands of records, and a page should not wait for the last.
            ShowPointsAlone();
        }
    }

    private static bool IsUnfinished(string record)
    {
        try
        {
            return !WatchedRecord.IsFinished(RunRecord.Read(record).Manifest);
        }
        catch (InvalidInputException)
        {
            // What is wrong with it is said when it is judged.
            return false;
        }
    }

    /// <summary>Takes the result of a record that has come to its end, or was killed.</summary>
    private JudgedRecord? End(string record, DateTime written)
    {
        JudgedRecord? judged = null;
        try
        {
            judged = WatchedRecord.Judge(RunRecord.Read(record));
            ended.Add(judged.Result);
            evidence.Add(judged.Evidence);
        }
        catch (InvalidInputException exception)
        {
            ended.Add(WatchedRecord.Unreadable(record, exception));
        }

        taken[record] = (written, judged);
        return judged;
    }

    private void Show(string record, bool isOnly)
    {
        DateTime written = NewestWrite(record);
        double silent = Math.Max(0, (clock.GetUtcNow().UtcDateTime - written).TotalSeconds);
        bool isAlive = silent < SilenceSeconds;
        if (record == shown && written == shownAt && isAlive == wasAlive)
        {
            return;
        }

        RunRecord read = RunRecord.Read(record);
        bool isFinished = WatchedRecord.IsFinished(read.Manifest);
        JudgedRecord? judged = taken.TryGetValue(record, out (DateTime, JudgedRecord? Judged) known) ? known.Judged
            : isFinished ? End(record, ManifestWrite(record))
            : isAlive ? null
            : WatchedRecord.Judge(read);
        RecordCourse course = RecordCourse.Of(read, WatchedRecord.MetersOf(read.Manifest));
        if (record != shown)
        {
            history.BeginCourse();
            (shown, shownSeconds, state) = (record, 0, null);
        }

        IReadOnlyList<LiveMoment> moments = WatchedRecord.Moments(course, read.Manifest, shownSeconds, isOnly ? 0 : ended.Count);
        shownSeconds = moments.Count > 0 ? moments[^1].ElapsedSeconds : shownSeconds;
        (shownAt, wasAlive) = (written, isAlive);
        LiveMoment now = moments.Count > 0 ? moments[^1] : state?.Now ?? course.At(course.LastSeconds, ended.Count);
        state = WatchedRecord.State(read, course, now, silent, judged);
        history.Show(state, moments, [.. ended]);
    }

    private void ShowPointsAlone()
    {
        if (shown is not null)
        {
            history.BeginCourse();
            (shown, state) = (null, null);
        }

        if (state is null || state.Now.PointsEnded != ended.Count)
        {
            state = Alone();
            history.Show(state, [], [.. ended]);
        }
    }

    /// <summary>The state where no record is shown by itself.</summary>
    private LiveState Alone() => new()
    {
        Title = WatchedRecord.NameOf(folder),
        Phase = LivePhase.Ended,
        Activity = evidence.Count > 1
            ? $"The records hold different kinds of evidence: {string.Join(", ", evidence.Select(EnumText.Of))}."
            : null,
        Evidence = evidence.Count == 1 ? evidence.First() : null,
        Rule = "Each point shows the steady window of its record.",
        Now = new LiveMoment { ElapsedSeconds = 0, PointsEnded = ended.Count },
    };

    private static DateTime ManifestWrite(string record) => File.GetLastWriteTimeUtc(Path.Combine(record, RunFiles.Manifest));

    private static DateTime NewestWrite(string record) =>
        new DirectoryInfo(record).EnumerateFiles().Select(file => file.LastWriteTimeUtc).DefaultIfEmpty().Max();
}
