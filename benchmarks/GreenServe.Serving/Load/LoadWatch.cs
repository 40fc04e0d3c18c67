using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Serving.Buffers;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Serving.Load;

/// <summary>Looks at a load twice a second and tells what it is doing.</summary>
/// <remarks>
/// <para>
/// A watch runs on the thread that records ended requests, which yields to those that send and read. Nothing is done for a token when it
/// comes: a look copies the chunks that have come since the last one. Only that thread releases traces, so that no chunk is read after its
/// release. <see cref="RequestTrace.CopyChunks"/> notices a trace whose chunks move meanwhile, and the next look counts them.
/// </para>
/// <para>Decision 0110 has the reasons and the cost.</para>
/// </remarks>
internal sealed class LoadWatch
{
    /// <summary>Time between two looks (s).</summary>
    internal const double LookSeconds = 0.5;

    /// <summary>
    /// Token gaps that a look takes at most, about. In ten seconds they are 80,000, and 800 of them lie above the 99th percentile.
    /// </summary>
    internal const int MaxGaps = 4000;

    /// <summary>Looks for each question what the client uses. To answer it, the readers must stand still for some microseconds.</summary>
    private const int LooksPerUsage = 10;

    /// <summary>Chunks that are copied at once: the buffer stays small, and few requests get more between two looks.</summary>
    private const int CopiedChunks = 1024;

    /// <summary>Share of the work from which on its pace tells when it will end.</summary>
    private const double MinKnownRatio = 0.02;

    private readonly LoadRun run;
    private readonly LoadHorizon horizon;
    private readonly long origin;
    private readonly InFlightRequests inFlight;
    private readonly ClientMonitor monitor;
    private readonly double frequency;
    private readonly ChunkReceipt[] copied = new ChunkReceipt[CopiedChunks];
    private readonly RecentDurations firstTokens = new(LoadProgress.WindowSeconds);
    private readonly RecentDurations gaps = new(LoadProgress.WindowSeconds);
    private readonly Queue<Mark> marks = new();
    private readonly Random random = new(1);
    private long lastLook;
    private long gapsSinceLook;
    private int stride = 1;
    private int untilNextGap = 1;
    private int looks;
    private double tokens;
    private long completed;
    private long failed;
    private double serviceSeconds;
    private ClientUsage? usage;
    private double? medianGapSeconds;
    private volatile bool isAllSent;
    private long? allSentTimestamp;

    /// <summary>Begins to watch a load that begins now.</summary>
    /// <param name="run">The load.</param>
    /// <param name="horizon">What its schedule holds.</param>
    /// <param name="origin">Second 0 of the schedule; a timestamp of the run's clock.</param>
    /// <param name="inFlight">The requests in flight.</param>
    /// <param name="monitor">What the client uses.</param>
    internal LoadWatch(LoadRun run, LoadHorizon horizon, long origin, InFlightRequests inFlight, ClientMonitor monitor)
    {
        this.run = run;
        this.horizon = horizon;
        this.origin = origin;
        this.inFlight = inFlight;
        this.monitor = monitor;
        frequency = run.Time.TimestampFrequency;
        lastLook = origin;
        marks.Enqueue(new Mark(0, 0, 0));
        firstTokens.Begin(0);
        gaps.Begin(0);
    }

    /// <summary>How long nothing needs to be looked at (ms); 0 if a look is due.</summary>
    internal int MillisecondsToNextLook =>
        (int)Math.Clamp(Math.Ceiling((LookSeconds - ((run.Time.GetTimestamp() - lastLook) / frequency)) * 1e3), 0, LookSeconds * 1e3);

    /// <summary>Notes that nothing more is sent. Any thread may call it.</summary>
    internal void NoteAllSent() => isAllSent = true;

    /// <summary>Takes a request that has ended, before its trace is released.</summary>
    internal void Take(RequestTrace trace)
    {
        Follow(trace);
        if (trace is { AreTokenTimesKnown: false, OutputTokens: { } known })
        {
            tokens += known - trace.TokensReceived;
        }

        bool isCompleted = trace.Status == RequestStatus.Completed;
        completed += isCompleted ? 1 : 0;
        failed += isCompleted ? 0 : 1;
        serviceSeconds += isCompleted ? (trace.CompletedTimestamp - trace.IssuedTimestamp) / frequency ?? 0 : 0;
    }

    /// <summary>Looks at the requests in flight and tells what the load is doing, if that is due.</summary>
    /// <param name="isLast">Whether every request has ended. A look is then due at once.</param>
    /// <param name="summary">The sums over the requests that have ended.</param>
    /// <param name="lateness">How late the client has sent so far.</param>
    /// <param name="tokenGaps">The token gaps of the requests that have ended.</param>
    internal void LookIfDue(bool isLast, LoadSummary summary, SendLateness lateness, IEnumerable<LatencyHistogram> tokenGaps)
    {
        if (!isLast && MillisecondsToNextLook > 0)
        {
            return;
        }

        foreach (InFlightRequests.Entry entry in inFlight.LastChecked)
        {
            Follow(entry.Trace);
        }

        lastLook = run.Time.GetTimestamp();
        double now = (lastLook - origin) / frequency;
        allSentTimestamp ??= isAllSent ? lastLook : null;
        gaps.Forget(now);
        firstTokens.Forget(now);
        if (looks++ % LooksPerUsage == 0 || usage is null)
        {
            usage = monitor.Usage();
            medianGapSeconds = TokenGaps.MedianSeconds(tokenGaps);
        }

        run.OnProgress!(Progress(now) with
        {
            ScheduleLagP99Seconds = lateness.LagsSoFar.PercentileSeconds(99),
            Reasons = LoadVerdict.SoFar(summary, lateness, medianGapSeconds, usage),
        });
        BeginNext(now);
    }

    private void BeginNext(double now)
    {
        stride = (int)Math.Max(1, Math.Ceiling(gapsSinceLook / (double)MaxGaps));
        gapsSinceLook = 0;
        gaps.Begin(now, stride);
        firstTokens.Begin(now);
        marks.Enqueue(new Mark(now, tokens, completed));
        while (marks.Peek().Seconds < now - LoadProgress.WindowSeconds)
        {
            marks.Dequeue();
        }
    }

    /// <summary>Counts the chunks of a request that have come since they were last counted.</summary>
    private void Follow(RequestTrace trace)
    {
        int counted = trace.WatchedChunks;
        int before = Math.Min(counted, 1);
        int copies;
        while ((copies = trace.CopyChunks(counted - before, copied) - before) > 0)
        {
            ReadOnlySpan<ChunkReceipt> chunks = copied.AsSpan(0, copies + before);
            if (before == 0)
            {
                TakeFirst(trace, chunks[0]);
            }

            for (int index = 1; index < chunks.Length; index++)
            {
                TakeGap((chunks[index].Timestamp - chunks[index - 1].Timestamp) / frequency);
                TakeTokens(chunks[index].Tokens);
            }

            counted += copies;
            before = 1;
        }

        trace.WatchedChunks = counted;
    }

    private void TakeFirst(RequestTrace trace, ChunkReceipt first)
    {
        TakeTokens(first.Tokens);
        if (trace.IsFirstTokenKnown && trace.IssuedTimestamp is { } issued)
        {
            firstTokens.Add((first.Timestamp - issued) / frequency);
        }
    }

    /// <summary>Takes the tokens of a chunk: those after the first one came with it, after a gap of zero.</summary>
    private void TakeTokens(int count)
    {
        tokens += count;
        for (int zero = 1; zero < count; zero++)
        {
            TakeGap(0);
        }
    }

    /// <summary>
    /// Takes a gap, or passes it over. The distance between two that are taken is random, so that no rhythm of the server decides which.
    /// </summary>
    private void TakeGap(double seconds)
    {
        gapsSinceLook++;
        if (--untilNextGap > 0)
        {
            return;
        }

        untilNextGap = random.Next(1, 2 * stride);
        gaps.Add(seconds);
    }

    private LoadProgress Progress(double now)
    {
        Mark since = marks.Peek();
        double seconds = Math.Max(1e-9, now - since.Seconds);
        return new LoadProgress
        {
            Stage = isAllSent ? LoadStage.Draining : now < run.Schedule.WarmUpSeconds ? LoadStage.WarmingUp : LoadStage.Measuring,
            OriginSeconds = run.Clock.SecondsAt(origin),
            ElapsedSeconds = now,
            RemainingSeconds = Remaining(now),
            Planned = run.Schedule.Requests.Count,
            Sent = inFlight.Sent,
            InFlight = inFlight.Count,
            Completed = completed,
            Failed = failed,
            OutputTokens = tokens,
            OutputTokensPerSecond = (tokens - since.Tokens) / seconds,
            RequestsPerSecond = (completed - since.Completed) / seconds,
            TtftP50Seconds = firstTokens.PercentileSeconds(50),
            TtftP99Seconds = firstTokens.PercentileSeconds(99),
            TbtP50Seconds = gaps.PercentileSeconds(50),
            TbtP99Seconds = gaps.PercentileSeconds(99),
        };
    }

    private double? Remaining(double now)
    {
        long ended = completed + failed;
        double drain = completed > 0 && run.Options.End == LoadEnd.Drain ? serviceSeconds / completed : 0;
        if (allSentTimestamp is { } sent)
        {
            return completed > 0 ? Math.Max(0, drain - (now - ((sent - origin) / frequency))) : null;
        }

        if (horizon.LastSendSeconds is { } last)
        {
            return Math.Max(0, last - now) + drain;
        }

        double done = Math.Max(tokens / Math.Max(1, horizon.OutputTokens), ended / (double)run.Schedule.Requests.Count);
        return done >= MinKnownRatio ? Math.Max(0, now * (1 - done) / done) : null;
    }

    /// <summary>What had come at a look.</summary>
    private readonly record struct Mark(double Seconds, double Tokens, long Completed);
}

/// <summary>What a schedule holds, from which the end of its load can be estimated.</summary>
/// <param name="LastSendSeconds">
/// When nothing is sent any more, in seconds from the beginning of the load; <c>null</c> where that follows from the server's pace.
/// </param>
/// <param name="OutputTokens">Output tokens asked for by all requests.</param>
internal sealed record LoadHorizon(double? LastSendSeconds, long OutputTokens)
{
    internal static LoadHorizon Of(RequestSchedule schedule)
    {
        double last = 0;
        long tokens = 0;
        foreach (ScheduledRequest request in schedule.Requests)
        {
            last = Math.Max(last, request.ScheduledSeconds);
            tokens += request.OutputTokens;
        }

        return new LoadHorizon(schedule.Concurrency is null ? last : schedule.DurationSeconds, tokens);
    }
}
