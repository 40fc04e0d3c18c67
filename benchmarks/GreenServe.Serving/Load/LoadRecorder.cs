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
    private readonly LoadWindow window;
    private bool isWindowOpen;
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
        measuredFrom = origin + (long)Math.Round(schedule.WarmUpSeconds * run.Time.TimestampFrequency);
        summary = new LoadSummary
        {
            OriginSeconds = clock.SecondsAt(origin),
            WarmUpSeconds = Math.Round(clock.SecondsAt(measuredFrom), TableDecimals),
            HasEstimatedInputs = schedule.HasEstimatedInputs,
            HasNaturalOutputs = schedule.HasNaturalOutputs,
        };
        window = new LoadWindow(schedule, summary.OriginSeconds, summary.WarmUpSeconds);
        thread = new Thread(Run) { Name = "record requests", IsBackground = true };
        thread.Start();
    }

    /// <summary>Takes the trace of a request that has ended. Any thread may call it.</summary>
    internal void Add(RequestTrace trace) => ended.Add(trace);

    /// <summary>Notes when the last request had been sent, or when the first user of a closed loop found no session left.</summary>
    internal void NoteFullLoadEnd(long timestamp)
    {
        window.FullLoadEndSeconds = clock.SecondsAt(timestamp);
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
        summary.Window = window.Find();
        lateness.SumInto(summary, summary.Window is not null);
        record.AddClientLags("schedule", summary.ScheduleLags);
        record.AddClientLags("connection", summary.ConnectionWaits);
        if (summary.Window is { } found)
        {
            summary.Unsteady.AddRange(FindUnsteadiness(found));
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
        summary.SentAfresh += trace.WasSentAfresh ? 1 : 0;
        window.Add(trace.Request, row, Seconds(trace.FirstTokenTimestamp));
        if (!isWindowOpen && window.ClosedStartSeconds is { } start)
        {
            isWindowOpen = true;
            lateness.NoteWindowStart(TokenTimeline.AlignedUpSeconds(start));
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
            Priority = request.Priority,
            Adapter = request.Adapter,
        };
    }

    /// <summary>
    /// The class of a request by its lengths: those asked for, or those counted where what was asked for is an estimate or a limit.
    /// </summary>
    private RequestClass ClassOf(RequestTrace trace)
    {
        if (!schedule.HasEstimatedInputs && !schedule.HasNaturalOutputs)
        {
            return trace.Request.Class;
        }

        bool hasEnded = trace.Status is RequestStatus.Completed;
        int input = schedule.HasEstimatedInputs && trace.InputTokens is { } counted ? counted : trace.Request.InputTokens;
        int output = schedule.HasNaturalOutputs && hasEnded && trace.OutputTokens is { } came ? came : trace.Request.OutputTokens;
        return schedule.Classes.Classify(input, output);
    }

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
        summary.AddAnswer(trace, row);
    }

    private IEnumerable<VerdictReason> FindUnsteadiness(MeasurementWindow found)
    {
        bool isClosedLoop = schedule.Concurrency is not null;

        // A closed loop cannot be above capacity, because its users wait. Its requests can hang.
        long unfinished = run.Options.End == LoadEnd.Drain ? summary.CountOf(RequestStatus.Cancelled) : 0;
        VerdictReason? saturation = isClosedLoop
            ? LoadVerdict.Unfinished(summary, unfinished, run.Options.DrainSeconds)
            : steadiness.Saturation(unfinished, run.Options.DrainSeconds);
        VerdictReason? reason = saturation ?? steadiness.Drift(found, isClosedLoop, traffic.Tokens.TokensBetween);
        return reason is null ? [] : [reason];
    }
}
