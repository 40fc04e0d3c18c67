using GreenServe.Records.Documents;
using GreenServe.Records.Requests;

namespace GreenServe.Records.Runs;

/// <summary>
/// A number that <see cref="RunManifest.Counters"/> can hold. This class and <see cref="ClusterCounter"/> list all of them; nothing else
/// is written.
/// </summary>
public sealed class RunCounter
{
    private static readonly List<RunCounter> Listed = [];
    private static readonly Lazy<Dictionary<string, RunCounter>> ByName = new(
        () => Listed.Concat(ClusterCounter.All).ToDictionary(counter => counter.Name));

    /// <summary>Makes a counter, which its class lists.</summary>
    internal RunCounter(string name, string unit, string meaning, bool isForEachHost = false)
    {
        (Name, Unit, Meaning, IsForEachHost) = (name, unit, meaning, isForEachHost);
    }

    /// <summary>Requests of the warm-up.</summary>
    public static RunCounter WarmUpRequests { get; } = List(
        "requests_warm_up", "requests", "Requests of the warm-up, which enter no figure.");

    /// <summary>Requests that were never sent.</summary>
    public static RunCounter RequestsNotSent { get; } = List(
        "requests_not_sent", "requests", "Requests of the schedule that were never sent because the run ended before.");

    /// <summary>Requests that were sent a second time.</summary>
    public static RunCounter RequestsSentAfresh { get; } = List(
        "requests_sent_afresh", "requests",
        "Requests that were sent again because the server had closed a reused connection before any byte of an answer.");

    private static RunCounter[] RequestsByStatus { get; } =
    [
        .. Enum.GetValues<RequestStatus>().Select(status => List(
            $"requests_{EnumText.Of(status)}", "requests", $"Measured requests that ended with the status {EnumText.Of(status)}.")),
    ];

    /// <summary>Requests that were longer than the context of the server.</summary>
    public static RunCounter RequestsTooLong { get; } = List(
        "requests_too_long", "requests", "Requests that were not sent because they are longer than the context of the server.");

    /// <summary>Endpoints of a run with several.</summary>
    public static RunCounter Endpoints { get; } = List(
        "endpoints", "endpoints",
        "Endpoints among which the requests were spread, where there are several. The server_id of a request is then its endpoint.");

    /// <summary>Requests whose output was cut at the limit.</summary>
    public static RunCounter RequestsAtOutputLimit { get; } = List(
        "requests_at_output_limit", "requests",
        "Completed requests whose output was as long as the limit, where outputs end by themselves.");

    /// <summary>Mean length of the outputs.</summary>
    public static RunCounter OutputTokensMean { get; } = List(
        "output_tokens_mean", "tokens", "Mean length of the completed outputs, where outputs end by themselves.");

    /// <summary>Median length of the outputs.</summary>
    public static RunCounter OutputTokensP50 { get; } = List(
        "output_tokens_p50", "tokens", "Median length of the completed outputs, where outputs end by themselves.");

    /// <summary>99th percentile of the lengths of the outputs.</summary>
    public static RunCounter OutputTokensP99 { get; } = List(
        "output_tokens_p99", "tokens", "The 99th percentile of the lengths of the completed outputs, where outputs end by themselves.");

    /// <summary>Requests whose tokens the server did not count.</summary>
    public static RunCounter RequestsCountedByEvents { get; } = List(
        "requests_counted_by_events", "requests",
        "Answered requests whose tokens the server did not count. Events with text are counted in their place.");

    /// <summary>Events with text in the steady window, where the server counts no tokens.</summary>
    public static RunCounter WindowOutputEvents { get; } = List(
        "window_output_events", "events",
        "Events with text that came within the steady window, where the server counts no tokens. An event may hold several tokens.");

    /// <summary>Output tokens in the steady window.</summary>
    public static RunCounter WindowOutputTokens { get; } = List(
        "window_output_tokens", "tokens", "Output tokens that came within the steady window, whatever became of their requests.");

    /// <summary>Requests served in the steady window, a fraction.</summary>
    public static RunCounter WindowRequestsCompleted { get; } = List(
        "window_requests_completed", "requests",
        "Requests served in the steady window, each by the share of its service time that lies in it. Records of earlier builds "
        + "hold the number of requests that were completed within it.");

    /// <summary>Share of the time in which the busiest reading thread of the client had work.</summary>
    public static RunCounter ClientReaderBusyRatio { get; } = List(
        "client_reader_busy_ratio", "ratio", "Share of the time in which the busiest reading thread of the client had work.");

    /// <summary>Processor time of metering.</summary>
    public static RunCounter MeteringCpuCores { get; } = List(
        "metering_cpu_cores", "cores", "Processor time that reading and writing the meters used, over the time passed.");

    /// <summary>Calls to meters.</summary>
    public static RunCounter MeteringCalls { get; } = List("metering_calls", "calls", "Times that a meter was read.");

    /// <summary>Readings that failed.</summary>
    public static RunCounter MeteringFailedReadings { get; } = List(
        "metering_failed_readings", "readings", "Readings that a meter could not give.");

    /// <summary>Readings that were lost.</summary>
    public static RunCounter MeteringDroppedReadings { get; } = List(
        "metering_dropped_readings", "readings", "Readings that were lost because they could not be written as fast as they came.");

    /// <summary>Longest call to a meter.</summary>
    public static RunCounter MeteringLongestCallSeconds { get; } = List(
        "metering_longest_call_seconds", "seconds", "Longest time that one reading of a meter took.");

    /// <summary>How much metering lengthens the steps of a load beside it.</summary>
    public static RunCounter MeteringStepTimeChangeRatio { get; } = List(
        "metering_step_time_change_ratio", "ratio", "By how much the steps of a steady load take longer while the meters are read.");

    /// <summary>Scrapes of the server's metrics.</summary>
    public static RunCounter ServerScrapes { get; } = List("server_scrapes", "scrapes", "Times that the server's own metrics were read.");

    /// <summary>Scrapes that failed.</summary>
    public static RunCounter ServerScrapesFailed { get; } = List(
        "server_scrapes_failed", "scrapes", "Times that the server's own metrics could not be read.");

    /// <summary>Prompt tokens looked up in the server's prefix cache.</summary>
    public static RunCounter ServerPrefixQueryTokens { get; } = List(
        "server_prefix_query_tokens", "tokens", "Prompt tokens that the server looked up in its prefix cache.");

    /// <summary>Prompt tokens found in the server's prefix cache.</summary>
    public static RunCounter ServerPrefixHitTokens { get; } = List(
        "server_prefix_hit_tokens", "tokens", "Prompt tokens that the server found in its prefix cache.");

    /// <summary>Readings of a remote host that were lost.</summary>
    public static RunCounter RemoteLostReadings { get; } = List(
        "remote_lost_readings", "readings", "Readings of the host's meters that did not arrive.", isForEachHost: true);

    /// <summary>Offset of a remote host's clock.</summary>
    public static RunCounter ClockOffsetSeconds { get; } = List(
        "clock_offset_seconds", "seconds", "How far the host's clock was ahead of the run's clock, as last estimated.",
        isForEachHost: true);

    /// <summary>Error of the offset of a remote host's clock.</summary>
    public static RunCounter ClockOffsetErrorSeconds { get; } = List(
        "clock_offset_error_seconds", "seconds", "Largest error bound of the estimates of the host's clock offset.", isForEachHost: true);

    /// <summary>Drift of a remote host's clock.</summary>
    public static RunCounter ClockOffsetDriftSeconds { get; } = List(
        "clock_offset_drift_seconds", "seconds", "By how much the host's clock offset changed during the run.", isForEachHost: true);

    /// <summary>Processor cores that other programs used.</summary>
    public static RunCounter HostOtherCpuCores { get; } = List(
        "host_other_cpu_cores", "cores", "Processor cores that programs other than the client and the engine used on this host.");

    /// <summary>The clock that was asked for.</summary>
    public static RunCounter AskedGpuClockMegahertz { get; } = List(
        "asked_gpu_clock_megahertz", "megahertz", "The accelerator clock that was asked for, where the device gave another one.");

    /// <summary>The power cap that was asked for.</summary>
    public static RunCounter AskedPowerCapWatts { get; } = List(
        "asked_power_cap_watts", "watts", "The power cap that was asked for, where the device took another one.");

    /// <summary>Instances of a simulated cluster.</summary>
    public static RunCounter Replicas { get; } = List("replicas", "instances", "Instances that the simulated cluster had during the run.");

    /// <summary>Tokens that the key-value cache holds.</summary>
    public static RunCounter KeyValueCapacityTokens { get; } = List(
        "kv_capacity_tokens", "tokens", "Tokens that the key-value cache holds.");

    /// <summary>Times that a sequence lost its cache.</summary>
    public static RunCounter Preemptions { get; } = List(
        "preemptions", "preemptions", "Times that a sequence lost its key-value cache and had to be computed again.");

    /// <summary>Engine steps.</summary>
    public static RunCounter Steps { get; } = List("steps", "steps", "Steps that the simulated engine did.");

    /// <summary>Steps under a lowered clock.</summary>
    public static RunCounter ThrottledSteps { get; } = List("throttled_steps", "steps", "Steps in which the power cap lowered the clock.");

    /// <summary>Highest mean power of a step.</summary>
    public static RunCounter PeakWatts { get; } = List(
        "peak_watts", "watts", "Mean power of the hungriest step, all accelerators together.");

    /// <summary>Share of the time with work.</summary>
    public static RunCounter BusyRatio { get; } = List("busy_ratio", "ratio", "Share of the run in which the simulated engine had work.");

    /// <summary>Energy of the whole run.</summary>
    public static RunCounter TotalJoules { get; } = List("total_joules", "joules", "Energy of the whole simulated run.");

    /// <summary>Lower end of the time of the steps.</summary>
    public static RunCounter StepTimeLowRatio { get; } = List(
        "step_time_low_ratio", "ratio", "Lower end of the time of all steps over what was simulated: a lower clock slows them less.");

    /// <summary>Upper end of the time of the steps.</summary>
    public static RunCounter StepTimeHighRatio { get; } = List(
        "step_time_high_ratio", "ratio", "Upper end of the time of all steps over what was simulated: a lower clock slows them more.");

    /// <summary>Lower end of the energy.</summary>
    public static RunCounter TotalLowJoules { get; } = List(
        "total_low_joules", "joules", "Lower end of the run's energy: a lower clock saves as much as published readings allow.");

    /// <summary>Upper end of the energy.</summary>
    public static RunCounter TotalHighJoules { get; } = List(
        "total_high_joules", "joules", "Upper end of the run's energy: a lower clock saves as little as published readings allow.");

    /// <summary>Energy without work.</summary>
    public static RunCounter IdleJoules { get; } = List("idle_joules", "joules", "Energy used while the simulated engines had no work.");

    /// <summary>Energy of accelerators that no instance used.</summary>
    public static RunCounter UnusedJoules { get; } = List(
        "unused_joules", "joules", "Energy of accelerators of the cluster that no instance used.");

    /// <summary>Every counter, by name.</summary>
    public static IReadOnlyCollection<RunCounter> All => ByName.Value.Values;

    /// <summary>Stable name in records, in snake_case; it ends in the unit where there is one.</summary>
    public string Name { get; }

    /// <summary>The unit as a word, for example <c>seconds</c>.</summary>
    public string Unit { get; }

    /// <summary>What the counter counts, in a sentence for users.</summary>
    public string Meaning { get; }

    /// <summary>
    /// Whether a record holds one number for each remote host; its name in the record is then <see cref="Of"/> the host.
    /// </summary>
    public bool IsForEachHost { get; }

    /// <summary>The counter of measured requests that ended with a status.</summary>
    public static RunCounter Requests(RequestStatus status) => RequestsByStatus[(int)status];

    /// <summary>The counter that keeps the value asked for a knob.</summary>
    /// <param name="knob">Name of the knob in records, for example <c>power_cap_watts</c>.</param>
    /// <exception cref="ArgumentException">No counter keeps this knob.</exception>
    public static RunCounter Asked(string knob) =>
        Find($"asked_{knob}") ?? throw new ArgumentException($"No counter keeps what was asked of '{knob}'.", nameof(knob));

    /// <summary>The counter that a name in a record belongs to; <c>null</c> where this build knows none.</summary>
    public static RunCounter? Find(string name)
    {
        string[] parts = name.Split(':', 2);
        return ByName.Value.TryGetValue(parts[0], out RunCounter? counter) && counter.IsForEachHost == (parts.Length == 2) ? counter : null;
    }

    /// <summary>The name in a record for one remote host.</summary>
    /// <param name="host">The host's name.</param>
    public string Of(string host) =>
        IsForEachHost ? $"{Name}:{host}" : throw new InvalidOperationException($"{Name} is one number for the whole run.");

    /// <inheritdoc />
    public override string ToString() => Name;

    private static RunCounter List(string name, string unit, string meaning, bool isForEachHost = false)
    {
        RunCounter counter = new(name, unit, meaning, isForEachHost);
        Listed.Add(counter);
        return counter;
    }
}
