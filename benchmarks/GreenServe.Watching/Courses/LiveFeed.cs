using GreenServe.Running.Live;

namespace GreenServe.Watching.Courses;

/// <summary>Copies what a running command shows of itself into a <see cref="PageHistory"/>, twice a second.</summary>
/// <remarks>It only looks: the load generator does not wait for it and does not know of it.</remarks>
public sealed class LiveFeed : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.5);

    private const string Rule = "Rates and latencies are of the last 10 s. J per output token is the energy of the headline scope "
        + "divided by the output tokens, both since the load began.";

    private readonly LiveRun run;
    private readonly PageHistory history;
    private readonly CancellationTokenSource stop = new();
    private readonly Task copying;
    private readonly List<WatchedMeter> meters = [];
    private LiveSnapshot? shown;
    private LiveLoad? lastLoad;

    private LiveFeed(LiveRun run, PageHistory history, TimeProvider clock)
    {
        this.run = run;
        this.history = history;
        CopyNew();
        copying = CopyAsync(clock);
    }

    /// <summary>Starts to copy.</summary>
    /// <param name="run">What the command shows of itself.</param>
    /// <param name="history">Receives it.</param>
    /// <param name="clock">Source of time.</param>
    public static LiveFeed Start(LiveRun run, PageHistory history, TimeProvider clock) => new(run, history, clock);

    /// <summary>Copies the last snapshot and completes the history.</summary>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync().ConfigureAwait(false);
        await copying.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        CopyNew();
        history.Complete();
        stop.Dispose();
    }

    private async Task CopyAsync(TimeProvider clock)
    {
        using PeriodicTimer timer = new(Interval, clock);
        while (await timer.WaitForNextTickAsync(stop.Token).ConfigureAwait(false))
        {
            CopyNew();
        }
    }

    private void CopyNew()
    {
        LiveSnapshot latest = run.Latest;
        if (!ReferenceEquals(latest, shown))
        {
            shown = latest;
            lastLoad = latest.Load ?? lastLoad;
            IEnumerable<WatchedMeter> read = latest.Meters.Select(meter => new WatchedMeter(meter.Name, meter.Scope));
            meters.AddRange(read.Where(meter => !meters.Contains(meter)));
            LiveState state = StateOf(latest with { Load = lastLoad }) with { Meters = [.. meters], Now = MomentOf(latest) };
            history.Show(state, [state.Now], latest.Ended, latest.Search?.Trials);
        }
    }

    /// <summary>What a page shows of a snapshot.</summary>
    internal static LiveState StateOf(LiveSnapshot snapshot) => new()
    {
        Evidence = snapshot.Evidence,
        Title = snapshot.Title,
        Phase = snapshot.Phase,
        Activity = snapshot.Activity,
        RemainingSeconds = snapshot.RemainingSeconds,
        Point = snapshot.Point,
        PointsPlanned = snapshot.PointsPlanned,
        Search = snapshot.Search is { } search ? WatchedSearch.Of(search) : null,
        RequestsPlanned = snapshot.Load?.Planned,
        RequestsSent = snapshot.Load?.Sent,
        RequestsCompleted = snapshot.Load?.Completed,
        RequestsFailed = snapshot.Load?.Failed,
        Meters = [.. snapshot.Meters.Select(meter => new WatchedMeter(meter.Name, meter.Scope))],
        Reasons = snapshot.Reasons,
        Rule = Rule,
        Now = MomentOf(snapshot),
    };

    private static LiveMoment MomentOf(LiveSnapshot snapshot)
    {
        Dictionary<string, double> watts = [];
        foreach (LiveMeter meter in snapshot.Meters)
        {
            if (meter.Watts is { } number)
            {
                watts[meter.Name] = number;
            }
        }

        LiveLoad? load = snapshot.Load;
        return new LiveMoment
        {
            ElapsedSeconds = snapshot.ElapsedSeconds,
            PointsEnded = snapshot.Ended.Count,
            InFlightRequests = load?.InFlight,
            RequestsPerSecond = load?.RequestsPerSecond,
            OutputTokensPerSecond = load?.OutputTokensPerSecond,
            TtftP50Seconds = load?.TtftP50Seconds,
            TtftP99Seconds = load?.TtftP99Seconds,
            TbtP50Seconds = load?.TbtP50Seconds,
            TbtP99Seconds = load?.TbtP99Seconds,
            JoulesPerOutputToken = load?.JoulesPerOutputToken,
            ScheduleLagP99Seconds = load?.ScheduleLagP99Seconds,
            MeterWatts = watts,
        };
    }
}
