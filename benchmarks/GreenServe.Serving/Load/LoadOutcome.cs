using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Records.Verdicts;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Serving.Load;

/// <summary>The result of a load: window, self-check of the client, counts and verdict reasons.</summary>
public sealed record LoadOutcome
{
    /// <summary>Second 0 of the schedule on the run's clock (s).</summary>
    public required double OriginSeconds { get; init; }

    /// <summary>Time at which the load had ended (s on the run's clock).</summary>
    public required double EndSeconds { get; init; }

    /// <summary>End of the warm-up on the run's clock (s).</summary>
    public required double WarmUpSeconds { get; init; }

    /// <summary>Users of a closed loop; <c>null</c> for an open one.</summary>
    public int? Concurrency { get; init; }

    /// <summary>The steady window; <c>null</c> for a load that was never steady.</summary>
    public MeasurementWindow? Window { get; init; }

    /// <summary>How well the client kept up with the schedule and with the responses.</summary>
    public required ClientSelfCheck Client { get; init; }

    /// <summary>Counts by the names that <see cref="RunManifest.Counters"/> uses, for example <c>requests_completed</c>.</summary>
    public required IReadOnlyDictionary<string, double> Counters { get; init; }

    /// <summary>The verdict reasons, each with its numbers; empty for a valid load.</summary>
    public required IReadOnlyList<VerdictReason> Reasons { get; init; }

    /// <summary>What a reader must know of the run, one sentence each, beside its counters and its verdict; usually empty.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Tokens and requests over time, from which the counts of any window follow.</summary>
    internal LoadTraffic? Traffic { get; init; }

    /// <summary>Returns this outcome with another steady window, and with the counts and the verdict that belong to that window.</summary>
    /// <param name="window">
    /// A window inside <see cref="Window"/>, for example with edges on the refreshes of an energy counter. Tokens are counted in slots of
    /// 10 ms; a slot that an edge cuts counts by its share.
    /// </param>
    /// <returns>This outcome itself where it has no steady window.</returns>
    public LoadOutcome Within(MeasurementWindow window)
    {
        if (Window is null || Traffic is null)
        {
            return this;
        }

        Dictionary<string, double> counters = new(Counters);
        foreach ((RunCounter counter, double count) in Traffic.CountsOf(window))
        {
            counters[counter.Name] = count;
        }

        IEnumerable<VerdictReason> others = Reasons.Where(reason => reason.Code != VerdictCode.TooFewRequests.Text);
        VerdictReason[] tooFew = Traffic.ReasonAgainst(window) is { } reason ? [reason] : [];
        return this with { Window = window, Counters = counters, Reasons = [.. others, .. tooFew] };
    }

    /// <summary>Finishes a manifest: adds times, window, self-check, counts and verdict of this outcome.</summary>
    /// <param name="manifest">The manifest that the run began with.</param>
    /// <param name="otherReasons">Verdict reasons of others, for example of the meters; <c>null</c> for none.</param>
    public RunManifest Complete(RunManifest manifest, IEnumerable<VerdictReason>? otherReasons = null)
    {
        Dictionary<string, double> counters = new(manifest.Counters);
        foreach ((string name, double count) in Counters)
        {
            counters[name] = count;
        }

        return manifest with
        {
            DurationSeconds = EndSeconds,
            WarmUpSeconds = WarmUpSeconds,
            Concurrency = Concurrency,
            Window = Window,
            Client = Client,
            Counters = counters,
            Notes = [.. manifest.Notes, .. Notes],
            Verdict = new RunVerdict([.. Reasons, .. otherReasons ?? []]),
        };
    }

    internal static LoadOutcome Of(RequestSchedule schedule, LoadSummary summary, ClientUsage usage, bool wasStopped)
    {
        LoadOutcome outcome = new()
        {
            OriginSeconds = summary.OriginSeconds,
            EndSeconds = usage.EndSeconds,
            WarmUpSeconds = summary.WarmUpSeconds,
            Concurrency = schedule.Concurrency,
            Window = summary.Window,
            Traffic = summary.Traffic,
            Client = CheckOf(summary, usage),
            Counters = CountersOf(summary, usage),
            Notes = [.. NotesOf(summary)],
            Reasons = LoadVerdict.Judge(summary, usage, wasStopped),
        };
        return summary.Window is { } window ? outcome.Within(window) : outcome;
    }

    private static ClientSelfCheck CheckOf(LoadSummary summary, ClientUsage usage) => new()
    {
        LagP50Seconds = summary.ScheduleLags.PercentileSeconds(50) ?? 0,
        LagP99Seconds = summary.ScheduleLags.PercentileSeconds(99) ?? 0,
        LagMaxSeconds = summary.ScheduleLags.MaxSeconds,
        ReceiptClock = usage.Reading.ReceiptClock,
        ReceiveLagP50Seconds = usage.Reading.ReceiveLags?.PercentileSeconds(50),
        ReceiveLagP99Seconds = usage.Reading.ReceiveLags?.PercentileSeconds(99),
        ReceiveLagMaxSeconds = usage.Reading.ReceiveLags?.MaxSeconds,
        CpuCores = usage.CpuCores,
        GcPauseRatio = usage.GcPauseRatio,
        AllocatedBytes = usage.AllocatedBytes,
        PeakMemoryBytes = usage.PeakMemoryBytes,
    };

    private static IEnumerable<string> NotesOf(LoadSummary summary)
    {
        if (summary.OutputLengths is { Count: > 0 } lengths)
        {
            yield return FormattableString.Invariant($"outputs ended by themselves: {lengths.MeanTokens:0.#} tokens on average, ")
                + FormattableString.Invariant($"{lengths.PercentileTokens(50)} at p50, {lengths.PercentileTokens(99)} at p99; ")
                + FormattableString.Invariant($"{summary.OutputsAtLimit} of {lengths.Count} were cut at the limit");
        }

        if (summary is { HasEstimatedInputs: true, InputTokensCounted: > 0 })
        {
            yield return FormattableString.Invariant(
                $"the server counted {summary.InputTokensCounted} prompt tokens, where {summary.InputTokensAsked} were expected");
        }

        if (summary.CountedByEvents > 0)
        {
            yield return "the server counts no tokens: events with text are counted in their place, and an event may hold several tokens";
        }
    }

    private static Dictionary<string, double> CountersOf(LoadSummary summary, ClientUsage usage)
    {
        Dictionary<string, double> counters = new()
        {
            [RunCounter.WarmUpRequests.Name] = summary.WarmUpRequests,
            [RunCounter.RequestsNotSent.Name] = summary.NotSent,
            [RunCounter.RequestsSentAfresh.Name] = summary.SentAfresh,
        };
        foreach (RequestStatus status in Enum.GetValues<RequestStatus>())
        {
            counters[RunCounter.Requests(status).Name] = summary.CountOf(status);
        }

        if (summary.OutputLengths is { MeanTokens: { } mean } lengths)
        {
            counters[RunCounter.OutputTokensMean.Name] = mean;
            counters[RunCounter.OutputTokensP50.Name] = lengths.PercentileTokens(50)!.Value;
            counters[RunCounter.OutputTokensP99.Name] = lengths.PercentileTokens(99)!.Value;
            counters[RunCounter.RequestsAtOutputLimit.Name] = summary.OutputsAtLimit;
        }

        if (summary.CountedByEvents > 0)
        {
            counters[RunCounter.RequestsCountedByEvents.Name] = summary.CountedByEvents;
        }

        if (usage.ReaderBusyRatio is { } busy)
        {
            counters[RunCounter.ClientReaderBusyRatio.Name] = busy;
        }

        return counters;
    }
}
