namespace GreenServe.Records.Verdicts;

/// <summary>
/// What a verdict reason is about. The subject decides what can be done about the run, and what a search may still conclude from
/// it.
/// </summary>
public enum VerdictSubject
{
    /// <summary>The run as a whole: it has no end, no steady part, or times that contradict each other.</summary>
    Run,

    /// <summary>What the load did to the server. This is a finding about the server and not a fault of the measurement.</summary>
    Load,

    /// <summary>The server did something other than it was asked: the run does not show its workload and its knobs.</summary>
    Server,

    /// <summary>
    /// The load generator was the bottleneck. The same run may be valid when it is repeated, or on a faster machine.
    /// </summary>
    Client,

    /// <summary>Other programs used the host while it was measured.</summary>
    Host,

    /// <summary>
    /// The energy of the window, judged from the readings in the record. Latencies are valid, and the record can be judged again.
    /// </summary>
    Energy,

    /// <summary>The metering itself. Latencies are valid, but readings that were lost cannot be judged again.</summary>
    Metering,
}

/// <summary>A reason that can make a run INVALID. This class lists all of them; no other can be emitted.</summary>
/// <remarks>A record keeps the <see cref="Text"/>. A text that this build does not know stays in the record.</remarks>
public sealed class VerdictCode
{
    private static readonly List<VerdictCode> Registered = [];

    private VerdictCode(string text, VerdictSubject subject, string meaning, string remedy)
    {
        (Text, Subject, Meaning, Remedy) = (text, subject, meaning, remedy);
        Registered.Add(this);
    }

    /// <summary>The run was stopped before its end (<c>interrupted</c>).</summary>
    public static VerdictCode Interrupted { get; } = new(
        "interrupted", VerdictSubject.Run,
        "The run was stopped, or its process was killed, before the load had ended.",
        "Run it again; a sweep with --resume repeats only such runs.");

    /// <summary>The load had no steady part.</summary>
    public static VerdictCode NoSteadyWindow { get; } = new(
        "no-steady-window", VerdictSubject.Run,
        "The load was over before it was steady, so that no window could be measured.",
        "Ask for more requests or a longer duration, or for less warm-up.");

    /// <summary>Only one completed request counts.</summary>
    public static VerdictCode TooFewRequests { get; } = new(
        "too-few-requests", VerdictSubject.Run,
        "Latencies and rates are those of a single request, and nothing tells how far the next one would differ.",
        "Ask for more requests or a longer duration.");

    /// <summary>Instants of a request are out of order.</summary>
    public static VerdictCode TimesRunBackwards { get; } = new(
        "times-run-backwards", VerdictSubject.Run,
        "Some requests have a first token before they were issued, or an end before the first token.",
        "The record is damaged or was written by another program: do not use it.");

    /// <summary>No request was completed.</summary>
    public static VerdictCode NothingCompleted { get; } = new(
        "nothing-completed", VerdictSubject.Load,
        "None of the measured requests was completed.",
        "Look at the errors in requests.csv: the server refuses the requests or is too slow for them.");

    /// <summary>Too many requests failed.</summary>
    public static VerdictCode Failures { get; } = new(
        "failures", VerdictSubject.Load,
        "More than one request in a hundred failed, so that the latencies are those of the survivors.",
        "Look at the errors that the message names; ask for less load if the server turned requests away.");

    /// <summary>The load is above the server's capacity.</summary>
    public static VerdictCode Saturated { get; } = new(
        "saturated", VerdictSubject.Load,
        "Requests arrived faster than the server completed them, so that the queue grew during the whole run.",
        "Ask for fewer requests per second: a latency under such a load depends on how long the run was.");

    /// <summary>The load changed during the window.</summary>
    public static VerdictCode NotSteady { get; } = new(
        "not-steady", VerdictSubject.Load,
        "Throughput or time to first token changed from the first half of the window to the second.",
        "Warm up for longer, or ask for less load.");

    /// <summary>The server's prefix cache held more than the workload shares.</summary>
    public static VerdictCode PrefixCache { get; } = new(
        "prefix-cache", VerdictSubject.Server,
        "The server took more prompt tokens from its prefix cache than the workload shares, so that prompts cost too little.",
        "Restart the server or turn its prefix cache off.");

    /// <summary>The launched server ended during the run.</summary>
    public static VerdictCode ServerEnded { get; } = new(
        "server-ended", VerdictSubject.Server,
        "The server that was started for the run ended during it.",
        "Read the end of the server's log; often the accelerator's memory was too small.");

    /// <summary>The answers do not have the lengths that were asked.</summary>
    public static VerdictCode OutputLengths { get; } = new(
        "output-lengths", VerdictSubject.Server,
        "The server wrote more or fewer output tokens than were asked for.",
        "Check that the server supports the option that ignores the end-of-sequence token.");

    /// <summary>The prompts do not have the lengths that were asked.</summary>
    public static VerdictCode InputLengths { get; } = new(
        "input-lengths", VerdictSubject.Server,
        "The server counted more or fewer input tokens than were asked for.",
        "Check that the client uses the tokenizer of the served model, or send token ids instead of text.");

    /// <summary>The server does not count the prompts.</summary>
    public static VerdictCode InputLengthsUnknown { get; } = new(
        "input-lengths-unknown", VerdictSubject.Server,
        "The server did not say how many input tokens it counted, so that the input lengths are unproven.",
        "Turn on usage reports in streams, or send token ids instead of text.");

    /// <summary>Chunks hold an unknown number of tokens.</summary>
    public static VerdictCode TokenTimesUnknown { get; } = new(
        "token-times-unknown", VerdictSubject.Server,
        "Chunks of the answers held an unknown number of tokens, so that the gaps between tokens, and often TTFT, are unknown.",
        "Have the server send one token a chunk, or a token count with each chunk.");

    /// <summary>The server counted the tokens of some requests only (<c>mixed-token-counts</c>).</summary>
    public static VerdictCode MixedTokenCounts { get; } = new(
        "mixed-token-counts", VerdictSubject.Server,
        "The server counted the tokens of some requests and not of others, so that tokens and events would be added.",
        "Run it without --count-events, which then names the requests that were not counted.");

    /// <summary>The tokens of an answer come all at once.</summary>
    public static VerdictCode TokensInOnePiece { get; } = new(
        "tokens-in-one-piece", VerdictSubject.Server,
        "The tokens of nearly every answer came in one piece, so that TTFT and TBT are those of a buffer on their way; E2E is right.",
        "Turn on streaming in the server, and turn off buffering in every proxy between it and the client.");

    /// <summary>The server refused the first requests, all of them.</summary>
    public static VerdictCode Refused { get; } = new(
        "refused", VerdictSubject.Server,
        "The server refused the first requests, and nothing else came before, so that the rest was not sent.",
        "Read the refusal that the message quotes: the model, the key, the endpoint or the length of the requests is wrong.");

    /// <summary>Some requests were served by no instance of the cluster.</summary>
    public static VerdictCode NoReplica { get; } = new(
        "no-replica", VerdictSubject.Server,
        "Some requests found no instance that serves them, or were on their way between two when the run ended. The run lasts until its "
        + "drain limit, and without one for a day after the last event.",
        "Give the cluster an instance for every kind of request, or run for longer.");

    /// <summary>The accelerators could not keep the power cap.</summary>
    public static VerdictCode PowerCapMissed { get; } = new(
        "power-cap-missed", VerdictSubject.Server,
        "Some steps drew more than the power cap even at the lowest clock.",
        "Choose a higher power cap: the device cannot keep this one.");

    /// <summary>The client sent requests late.</summary>
    public static VerdictCode ClientLag { get; } = new(
        "client-lag", VerdictSubject.Client,
        "The load generator sent requests so late that the load was another than the one asked for.",
        "Free the client's machine, or run the client on a faster one; 'greenserve check-client' shows what it can do.");

    /// <summary>The client read answers late.</summary>
    public static VerdictCode ClientReceiveLag { get; } = new(
        "client-receive-lag", VerdictSubject.Client,
        "The load generator read tokens later than they arrived, by more than half a gap between tokens.",
        "Free the client's machine, or run the client on a faster one; 'greenserve check-client' shows what it can do.");

    /// <summary>The client's processors were the bottleneck.</summary>
    public static VerdictCode ClientCpu { get; } = new(
        "client-cpu", VerdictSubject.Client,
        "A reading thread, or all of the client's processor cores, had no time left.",
        "Give the client more cores, or spread the load over more clients.");

    /// <summary>The client paused for garbage collection.</summary>
    public static VerdictCode ClientGc { get; } = new(
        "client-gc", VerdictSubject.Client,
        "The load generator stood still for garbage collection during too large a share of the time.",
        "Give the client more memory and more cores.");

    /// <summary>Other programs used the host.</summary>
    public static VerdictCode HostBusy { get; } = new(
        "host-busy", VerdictSubject.Host,
        "Other programs used processor cores that the engine needed.",
        "Stop the other programs and run it again.");

    /// <summary>The window is too short for the error of the meter.</summary>
    public static VerdictCode EnergyWindowTooShort { get; } = new(
        "energy-window-too-short", VerdictSubject.Energy,
        "The window is so short that the energy meter's error at its edges is larger than allowed.",
        "Run for longer, or use a meter that refreshes more often.");

    /// <summary>An energy counter and averaged power disagree.</summary>
    public static VerdictCode EnergyCrossCheck { get; } = new(
        "energy-cross-check", VerdictSubject.Energy,
        "The energy counter and the averaged power of the same device disagree by more than their errors allow.",
        "Run for longer; if they still disagree, one of the two meters cannot be trusted on this device.");

    /// <summary>A meter failed during the window.</summary>
    public static VerdictCode MeterFailed { get; } = new(
        "meter-failed", VerdictSubject.Energy,
        "A meter that worked when the run began has no number for the window.",
        "Read the fault that the message names, and run it again.");

    /// <summary>Readings of a meter were lost.</summary>
    public static VerdictCode MeterReadingsDropped { get; } = new(
        "meter-readings-dropped", VerdictSubject.Metering,
        "Readings of a meter were lost because they could not be written as fast as they came.",
        "Write the record to a faster disk, or free the machine.");

    /// <summary>Every code, in the order of their declaration.</summary>
    public static IReadOnlyList<VerdictCode> All { get; } = Registered.AsReadOnly();

    /// <summary>Stable name in records, in kebab-case, for example <c>client-lag</c>.</summary>
    public string Text { get; }

    /// <summary>What the reason is about.</summary>
    public VerdictSubject Subject { get; }

    /// <summary>What the reason means for the run, in a sentence for users.</summary>
    public string Meaning { get; }

    /// <summary>What the user can do about the reason, in a sentence.</summary>
    public string Remedy { get; }

    /// <summary>The code of a text; <c>null</c> where this build knows none, for example in a record of a newer version.</summary>
    public static VerdictCode? Find(string text) => All.FirstOrDefault(code => code.Text == text);

    /// <inheritdoc />
    public override string ToString() => Text;
}
