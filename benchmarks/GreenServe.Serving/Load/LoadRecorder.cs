using System.Collections.Concurrent;
using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Records.Verdicts;
using GreenServe.Serving.Interop;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Serving.Load;

/// <summary>Turns the traces of ended requests into rows of the record and into sums, on a thread of its own.</summary>
internal sealed class LoadRecorder : IDisposable
{
    /// <summary>
    /// Decimals of a time in the record's tables. With the same rounding, a time compares equal after it has been read back.
    /// </summary>
    private const int TableDecimals = 9;
    private readonly LoadRun run;
    private readonly LoadWatch? watch;
    private readonly RequestSchedule schedule;
    private readonly RunClock clock;
    private readonly RunRecordWriter record;
    private readonly BlockingCollection<RequestTrace> ended = [];
    private readonly Dictionary<string, LatencyHistogram> tokenGaps = [];
    private readonly LoadTraffic traffic;
    private readonly Steadiness steadiness = new();
    private readonly SendLateness lateness;
    private readonly LoadSummary summary;
    private readonly Thread thread;
    private readonly long measuredFrom;
    private double? fullLoadEndSeconds;
    private int usersWithoutFirstToken;
    private double lastFirstTokenSeconds = double.NegativeInfinity;
    private double lastScheduledSeconds;
    private Exception? failure;

    /// <summary>Starts the recording thread.</summary>
    /// <param name="run">The run that is recorded.</param>
    /// <param name="origin">Second 0 of the schedule; a timestamp of the run's clock.</param>
    /// <param name="watch">Looks at the load now and then; <c>null</c> for none.</param>
    internal LoadRecorder(LoadRun run, long origin, LoadWatch? watch = null)
    {
        this.run = run;
        this.watch = watch;
        schedule = run.Schedule;
        traffic = new LoadTraffic(schedule);
        clock = run.Clock;
        record = run.Record;
        lateness = new SendLateness(schedule.Concurrency is not null);
        usersWithoutFirstToken = schedule.Concurrency ?? 0;
        measuredFrom = origin + (long)Math.Round(schedule.WarmUpSeconds * run.Time.TimestampFrequency);
        summary = new LoadSummary
        {
            OriginSeconds = clock.SecondsAt(origin),
            WarmUpSeconds = Math.Round(clock.SecondsAt(measuredFrom), TableDecimals),
            HasEstimatedInputs = schedule.HasEstimatedInputs,
        };
        thread = new Thread(Run) { Name = "record requests", IsBackground = true };
        thread.Start();
    }

    /// <summary>Takes the trace of a request that has ended. Any thread may call it.</summary>
    internal void Add(RequestTrace trace) => ended.Add(trace);

    /// <summary>Notes when the last request had been sent, or when the first user of a closed loop found no session left.</summary>
    internal void NoteFullLoadEnd(long timestamp)
    {
        fullLoadEndSeconds = clock.SecondsAt(timestamp);
        watch?.NoteAllSent();
    }

    /// <summary>Writes what is left and returns the sums.</summary>
    /// <exception cref="IOException">The record could not be written; the inner exception says why.</exception>
    internal LoadSummary Stop()
    {
        ended.CompleteAdding();
        thread.Join();
        if (failure is not null)
        {
            throw new IOException("The run record could not be written.", failure);
        }

        foreach ((string requestClass, LatencyHistogram gaps) in tokenGaps)
        {
            record.AddTokenGaps(requestClass, gaps);
        }

        summary.Traffic = traffic;
        summary.MedianGapSeconds = TokenGaps.MedianSeconds(tokenGaps.Values);
        summary.Window = FindWindow();
        lateness.SumInto(summary, summary.Window is not null);
        record.AddClientLags("schedule", summary.ScheduleLags);
        record.AddClientLags("connection", summary.ConnectionWaits);
        if (summary.Window is { } window)
        {
            summary.Unsteady.AddRange(FindUnsteadiness(window));
        }

        summary.NotSent = schedule.Requests.Count - summary.WarmUpRequests - summary.Requests;
        return summary;
    }

    public void Dispose()
    {
        ended.CompleteAdding();
        thread.Join();
        ended.Dispose();
    }

    private void Run()
    {
        YieldingThread.LowerPriority();
        try
        {
            while (!ended.IsCompleted)
            {
                if (ended.TryTake(out RequestTrace? trace, watch?.MillisecondsToNextLook ?? Timeout.Infinite))
                {
                    watch?.Take(trace);
                    Take(trace);
                    trace.Release();
                }

                watch?.LookIfDue(ended.IsCompleted, summary, lateness, tokenGaps.Values);
            }
        }
        catch (Exception exception)
        {
            // A full disk must end the run with its message, not the process.
            failure = exception;
        }
    }

    private void Take(RequestTrace trace)
    {
        run.OnRequestEnd?.Invoke(trace);
        RequestRecord row = ToRecord(trace);
        traffic.Add(trace, row, clock);
        lastScheduledSeconds = Math.Max(lastScheduledSeconds, row.ScheduledSeconds);
        summary.SentAfresh += trace.WasSentAfresh ? 1 : 0;
        if (schedule.IsFirstOfUser(trace.Request) && (Seconds(trace.FirstTokenTimestamp) ?? row.CompletedSeconds) is { } first)
        {
            TakeFirstOfUser(first);
        }

        if (trace.ScheduledTimestamp < measuredFrom)
        {
            summary.WarmUpRequests++;
            record.Add(row);
            return;
        }

        if (row.Status == RequestStatus.Completed && trace.AreTokenTimesKnown)
        {
            row = AddGaps(trace, row);
        }

        Sum(trace, row);
        record.Add(row);
    }

    /// <summary>Takes the time of a user's first token, or of the end of a first request without one.</summary>
    private void TakeFirstOfUser(double seconds)
    {
        lastFirstTokenSeconds = Math.Max(lastFirstTokenSeconds, seconds);
        usersWithoutFirstToken--;
        if (usersWithoutFirstToken == 0)
        {
            lateness.NoteWindowStart(TokenTimeline.AlignedUpSeconds(ClosedWindowStartSeconds));
        }
    }

    private RequestRecord ToRecord(RequestTrace trace)
    {
        ScheduledRequest request = trace.Request;
        if (run.Options.KeepsTokenTimes)
        {
            trace.AddTokenTimesTo(record, clock);
        }

        return new RequestRecord(
            request.Id,
            ClassOf(trace).Name,
            Seconds(trace.ScheduledTimestamp)!.Value,
            Seconds(trace.IssuedTimestamp),
            trace.IsFirstTokenKnown ? Seconds(trace.FirstTokenTimestamp) : null,
            Seconds(trace.CompletedTimestamp),
            request.InputTokens,
            trace.InputTokens,
            request.OutputTokens,
            trace.OutputTokens,
            trace.Status,
            trace.Error,
            trace.ServerId)
        {
            ClientQueueSeconds = trace.ClientQueueTicks / (double)run.Time.TimestampFrequency,
            LastTokenSeconds = Seconds(trace.LastTokenTimestamp),
        };
    }

    /// <summary>The class of a request by its lengths: those asked for, or those counted where what was asked for is an estimate.</summary>
    private RequestClass ClassOf(RequestTrace trace) => schedule.HasEstimatedInputs && trace.InputTokens is { } counted
        ? schedule.Classes.Classify(counted, trace.Request.OutputTokens)
        : trace.Request.Class;

    /// <summary>A time as the table holds it, so that what is counted here is what is counted from the record.</summary>
    private double? Seconds(long? timestamp) => timestamp is { } value ? Math.Round(clock.SecondsAt(value), TableDecimals) : null;

    private RequestRecord AddGaps(RequestTrace trace, RequestRecord row)
    {
        if (!tokenGaps.TryGetValue(row.Class, out LatencyHistogram? classGaps))
        {
            tokenGaps[row.Class] = classGaps = new LatencyHistogram();
        }

        using TokenGaps gaps = TokenGaps.Of(trace, run.Time.TimestampFrequency);
        gaps.AddTo(classGaps);
        summary.WithGaps += gaps.Count > 0 ? 1 : 0;
        summary.InOnePiece += gaps.MeanSeconds < LoadLimits.MinMeanGapSeconds ? 1 : 0;
        return row with { TbtP99Seconds = gaps.PercentileSeconds(99), TbtMaxSeconds = gaps.PercentileSeconds(100) };
    }

    private void Sum(RequestTrace trace, RequestRecord row)
    {
        summary.Statuses[row.Status] = summary.CountOf(row.Status) + 1;
        steadiness.Add(
            row.ScheduledSeconds,
            Seconds(trace.FirstTokenTimestamp) ?? row.CompletedSeconds ?? row.ScheduledSeconds,
            row.Status == RequestStatus.Completed ? row.FirstTokenSeconds - row.IssuedSeconds : null,
            row.InputTokensAsked + row.OutputTokensAsked);
        if (row.Error is not null)
        {
            summary.Examples.TryAdd(row.Status, row.Error);
        }

        lateness.Add(trace, row, run.Time.TimestampFrequency);
        if (row.Status is RequestStatus.Completed or RequestStatus.WrongLength)
        {
            summary.OutputTokensAsked += row.OutputTokensAsked;
            summary.OutputTokensCounted += row.OutputTokensCounted ?? 0;
            summary.InputTokensAsked += row.InputTokensCounted is null ? 0 : row.InputTokensAsked;
            summary.InputTokensCounted += row.InputTokensCounted ?? 0;
            summary.InputsUncounted += row.InputTokensCounted is null ? 1 : 0;
            summary.TokenTimesUnknown += trace.AreTokenTimesKnown ? 0 : 1;
        }
    }

    private IEnumerable<VerdictReason> FindUnsteadiness(MeasurementWindow window)
    {
        bool isClosedLoop = schedule.Concurrency is not null;

        // A closed loop cannot be above capacity: its users wait.
        long unfinished = run.Options.End == LoadEnd.Drain ? summary.CountOf(RequestStatus.Cancelled) : 0;
        VerdictReason? saturation = isClosedLoop ? null : steadiness.Saturation(unfinished, run.Options.DrainSeconds);
        VerdictReason? reason = saturation ?? steadiness.Drift(window, isClosedLoop, traffic.Tokens.TokensBetween);
        return reason is null ? [] : [reason];
    }

    /// <summary>
    /// When the window of a closed loop opens: when the first request of every user has brought a first token, or has failed. All of them
    /// are at work then.
    /// </summary>
    private double ClosedWindowStartSeconds => Math.Max(summary.WarmUpSeconds, lastFirstTokenSeconds);

    private MeasurementWindow? FindWindow()
    {
        if (schedule.Concurrency is null)
        {
            return Window(
                summary.WarmUpSeconds,
                TokenTimeline.AlignedUpSeconds(lastScheduledSeconds),
                "open loop: end of warm-up to last arrival");
        }

        if (usersWithoutFirstToken > 0 || fullLoadEndSeconds is not { } end)
        {
            return null;
        }

        double start = ClosedWindowStartSeconds;
        return schedule.HasSessions
            ? Window(start, TokenTimeline.AlignedDownSeconds(end), "closed loop: all users served to first one without a session")
            : Window(start, TokenTimeline.AlignedUpSeconds(end), "closed loop: all users served to last request sent");
    }

    /// <summary>A window whose edges lie between the slots of the timeline; <c>null</c> where no whole slot is left.</summary>
    /// <remarks>The last request of a load belongs to its window, although the edge is then up to 10 ms behind it.</remarks>
    private static MeasurementWindow? Window(double start, double alignedEnd, string rule)
    {
        double alignedStart = TokenTimeline.AlignedUpSeconds(start);
        return alignedEnd > alignedStart ? new MeasurementWindow(alignedStart, alignedEnd, rule) : null;
    }
}
