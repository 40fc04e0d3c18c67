using System.Text.Json;
using GreenServe.Records.Documents;
using GreenServe.Records.Runs;
using GreenServe.Simulation.Control;

namespace GreenServe.Simulation.Runs;

/// <summary>
/// Writes a simulation as trace events, the JSON format of Chrome's tracing that Perfetto opens. Each replica has a track with its
/// stretches of steps, spans for its requests, and counters of power, clock, batch, context and queue. Decisions of a policy are instants
/// on the track of their instance. Times are virtual microseconds.
/// </summary>
/// <remarks>Events are written as they come, about 700 bytes a stretch. <see cref="Dispose"/> completes and closes the stream.</remarks>
public sealed class TraceEventSink : ISimulationSink, IDisposable
{
    /// <summary>Bytes that are kept in memory before they are written to the stream: 1 MiB.</summary>
    private const int FlushBytes = 1 << 20;

    /// <summary>Process number of requests that no instance had when the run ended. Replicas are processes 0, 1 and so on.</summary>
    private const int NoReplica = 1_000_000;

    /// <summary>Process number of decisions about a whole server or about a request.</summary>
    private const int Policy = 1_000_001;

    private readonly Stream stream;
    private readonly Utf8JsonWriter json;
    private readonly HashSet<int> named = [];

    /// <summary>Begins a trace.</summary>
    /// <param name="stream">The stream to write to. It is closed with the sink.</param>
    public TraceEventSink(Stream stream)
    {
        this.stream = stream;
        json = new Utf8JsonWriter(stream);
        json.WriteStartObject();
        json.WriteString("displayTimeUnit", "ms");
        json.WriteStartArray("traceEvents");
    }

    /// <inheritdoc />
    public void Add(in StepStretch stretch)
    {
        NameTracks(stretch.Replica);
        if (stretch.Work is { } work)
        {
            Begin("X", NameOf(work), stretch.StartSeconds, stretch.Replica, track: 1);
            json.WriteNumber("dur", Microseconds(stretch.Seconds));
            json.WriteStartObject("args");
            json.WriteNumber("steps", stretch.Count);
            json.WriteNumber("prefill_tokens", work.PrefillTokens);
            json.WriteNumber("decode_sequences", work.DecodeSequences);
            json.WriteNumber("context_tokens", work.FirstContextTokens);
            json.WriteNumber("joules", stretch.Joules);
            json.WriteNumber("prefill_joules", work.PrefillJoules);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        double watts = stretch.Seconds > 0 ? stretch.Joules / stretch.Seconds : 0;
        Counter("power (W)", stretch, watts);
        Counter("clock (MHz)", stretch, stretch.ClockMegahertz);
        Counter("decoding sequences", stretch, stretch.Work?.DecodeSequences ?? 0);
        Counter("context (tokens)", stretch, stretch.Work?.FirstContextTokens ?? 0);
        Counter("waiting requests", stretch, stretch.WaitingRequests);
        FlushWhenDue();
    }

    /// <inheritdoc />
    public void Add(in RequestOutcome outcome)
    {
        NameTracks(outcome.Replica ?? NoReplica);
        double end = outcome.CompletedSeconds ?? outcome.FirstTokenSeconds ?? outcome.IssuedSeconds;
        Span("b", "request", outcome.IssuedSeconds, outcome);
        json.WriteStartObject("args");
        json.WriteString("class", outcome.Request.Class.Name);
        json.WriteNumber("input_tokens", outcome.Request.InputTokens);
        json.WriteNumber("output_tokens", outcome.OutputTokens);
        json.WriteNumber("joules", outcome.EnergyJoules);
        json.WriteString("status", EnumText.Of(outcome.Status));
        json.WriteEndObject();
        json.WriteEndObject();
        if (outcome.FirstTokenSeconds is { } first)
        {
            Span("b", "to first token", outcome.IssuedSeconds, outcome);
            json.WriteEndObject();
            Span("e", "to first token", first, outcome);
            json.WriteEndObject();
        }

        Span("e", "request", end, outcome);
        json.WriteEndObject();
        FlushWhenDue();
    }

    /// <inheritdoc />
    public void AddTokenGaps(string requestClass, LatencyHistogram gaps)
    {
    }

    /// <inheritdoc />
    public void Add(ControlAction action)
    {
        int process = action.Instance ?? Policy;
        NameTracks(process);
        string name = EnumText.Of(action.Kind);
        Begin("i", action.Refusal is null ? name : $"refused: {name}", action.AtSeconds, process, track: 1);
        json.WriteString("s", "p");
        json.WriteStartObject("args");
        json.WriteString("setting", action.Setting);
        json.WriteString("reason", action.Reason);
        if (action.Server is { } server)
        {
            json.WriteNumber("server", server);
        }

        if (action.EffectiveSeconds is { } effective)
        {
            json.WriteNumber("effective_seconds", effective);
        }

        if (action.Refusal is { } refusal)
        {
            json.WriteString("refusal", refusal);
        }

        json.WriteEndObject();
        json.WriteEndObject();
        FlushWhenDue();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        json.WriteEndArray();
        json.WriteEndObject();
        json.Dispose();
        stream.Dispose();
    }

    private static string NameOf(in StretchWork work) =>
        work.PrefillTokens == 0 ? "decode" : work.DecodeSequences == 0 ? "prefill" : "mixed";

    private static double Microseconds(double seconds) => Math.Round(seconds * 1e6, 3);

    private void NameTracks(int replica)
    {
        if (named.Add(replica))
        {
            json.WriteStartObject();
            json.WriteString("ph", "M");
            json.WriteString("name", "process_name");
            json.WriteNumber("pid", replica);
            json.WriteStartObject("args");
            json.WriteString("name", replica switch { NoReplica => "no replica", Policy => "policy", _ => $"replica {replica}" });
            json.WriteEndObject();
            json.WriteEndObject();
        }
    }

    private void Counter(string name, in StepStretch stretch, double value)
    {
        Begin("C", name, stretch.StartSeconds, stretch.Replica, track: 0);
        json.WriteStartObject("args");
        json.WriteNumber("value", value);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void Span(string phase, string name, double seconds, in RequestOutcome outcome)
    {
        Begin(phase, name, seconds, outcome.Replica ?? NoReplica, track: 2);
        json.WriteString("cat", "request");
        json.WriteString("id", $"0x{outcome.Request.Id:x}");
    }

    private void Begin(string phase, string name, double seconds, int replica, int track)
    {
        json.WriteStartObject();
        json.WriteString("ph", phase);
        json.WriteString("name", name);
        json.WriteNumber("ts", Microseconds(seconds));
        json.WriteNumber("pid", replica);
        json.WriteNumber("tid", track);
    }

    private void FlushWhenDue()
    {
        if (json.BytesPending > FlushBytes)
        {
            json.Flush();
        }
    }
}
