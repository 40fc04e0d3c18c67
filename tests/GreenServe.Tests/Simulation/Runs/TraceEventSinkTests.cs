using System.Text.Json;
using GreenServe.Records.Requests;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Runs;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Tests.Simulation.Runs;

public sealed class TraceEventSinkTests
{
    [Fact]
    public void Add_WritesStepsRequestsAndCounters()
    {
        MemoryStream stream = new();
        SimulationAggregate aggregate = new();
        List<ScheduledRequest> requests =
            [.. Enumerable.Range(0, 20).Select(id => new ScheduledRequest(id, id * 0.3, default(RequestClass), 800, 60))];
        using (TraceEventSink trace = new(stream))
        {
            SimulatedRun.Execute(new RequestSchedule(requests), TestSystems.H100(), new TeeSink(aggregate, trace));
        }

        using JsonDocument document = JsonDocument.Parse(stream.ToArray());
        JsonElement[] events = [.. document.RootElement.GetProperty("traceEvents").EnumerateArray()];
        JsonElement[] steps = [.. events.Where(item => Text(item, "ph") == "X")];

        Assert.Equal(aggregate.PrefillTokens, steps.Sum(step => Args(step, "prefill_tokens") * Args(step, "steps")));
        Assert.Equal(aggregate.DecodeTokens, steps.Sum(step => Args(step, "decode_sequences") * Args(step, "steps")));
        Assert.All(steps, step => Assert.True(step.GetProperty("dur").GetDouble() > 0));
        Assert.Equal(20, events.Count(item => Text(item, "ph") == "b" && Text(item, "name") == "request"));
        Assert.Equal(events.Count(item => Text(item, "ph") == "b"), events.Count(item => Text(item, "ph") == "e"));
        JsonElement[] watts = [.. events.Where(item => Text(item, "name") == "power (W)")];
        Assert.Contains(watts, item => item.GetProperty("args").GetProperty("value").GetDouble() > 1000);
    }

    [Fact]
    public void Add_PutsARequestOnATrackOfItsOwn_WhenNoReplicaHadIt()
    {
        MemoryStream stream = new();
        using (TraceEventSink trace = new(stream))
        {
            trace.Add(new RequestOutcome(
                new ScheduledRequest(7, 1, default, 800, 60), Replica: null, 1, null, null, 0, null, null, 0, 0));
        }

        using JsonDocument document = JsonDocument.Parse(stream.ToArray());
        JsonElement[] events = [.. document.RootElement.GetProperty("traceEvents").EnumerateArray()];

        Assert.Equal("no replica", Text(events[0].GetProperty("args"), "name"));
        Assert.Single(events.Select(item => item.GetProperty("pid").GetInt64()).Distinct());
    }

    [Fact]
    public void Add_ShowsADecision_AsAnInstantOnTheTrackOfItsInstance()
    {
        MemoryStream stream = new();
        using (TraceEventSink trace = new(stream))
        {
            trace.Add(new ControlAction(5, ActionKind.SetClock, 0, 3, "1200 MHz", "slack", 5.065, null));
            trace.Add(new ControlAction(6, ActionKind.Start, 2, null, "", "load", null, "the server is on"));
        }

        using JsonDocument document = JsonDocument.Parse(stream.ToArray());
        JsonElement[] instants =
            [.. document.RootElement.GetProperty("traceEvents").EnumerateArray().Where(item => Text(item, "ph") == "i")];

        Assert.Equal(["set_clock", "refused: start"], instants.Select(item => Text(item, "name")));
        Assert.Equal(5e6, instants[0].GetProperty("ts").GetDouble());
        Assert.Equal(3, instants[0].GetProperty("pid").GetInt64());
        Assert.Equal("slack", Text(instants[0].GetProperty("args"), "reason"));
        Assert.Equal(5.065, instants[0].GetProperty("args").GetProperty("effective_seconds").GetDouble());
        Assert.Equal("the server is on", Text(instants[1].GetProperty("args"), "refusal"));
    }

    private static string? Text(JsonElement item, string name) => item.GetProperty(name).GetString();

    private static long Args(JsonElement step, string name) => step.GetProperty("args").GetProperty(name).GetInt64();
}
