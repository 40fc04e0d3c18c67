using System.Text.Json;
using GreenServe.Records.Requests;
using GreenServe.Simulation.Runs;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Tests.Simulation.Runs;

public sealed class TraceEventSinkTests
{
    [Fact]
    public void Add_WritesWhatAViewerNeeds()
    {
        MemoryStream stream = new();
        SimulationAggregate aggregate = new();
        List<ScheduledRequest> requests = [.. Enumerable.Range(0, 20).Select(id => new ScheduledRequest(id, id * 0.3, default(RequestClass), 800, 60))];
        using (TraceEventSink trace = new(stream))
        {
            SimulatedRun.Execute(new RequestSchedule(requests), TestSystems.H100(), new TeeSink(aggregate, trace));
        }

        using JsonDocument document = JsonDocument.Parse(stream.ToArray());
        JsonElement[] events = [.. document.RootElement.GetProperty("traceEvents").EnumerateArray()];
        JsonElement[] steps = [.. events.Where(item => item.GetProperty("ph").GetString() == "X")];

        Assert.Equal(aggregate.PrefillTokens, steps.Sum(step => Args(step, "prefill_tokens") * Args(step, "steps")));
        Assert.Equal(aggregate.DecodeTokens, steps.Sum(step => Args(step, "decode_sequences") * Args(step, "steps")));
        Assert.All(steps, step => Assert.True(step.GetProperty("dur").GetDouble() > 0));
        Assert.Equal(20, events.Count(item => item.GetProperty("ph").GetString() == "b" && item.GetProperty("name").GetString() == "request"));
        Assert.Equal(
            events.Count(item => item.GetProperty("ph").GetString() == "b"), events.Count(item => item.GetProperty("ph").GetString() == "e"));
        Assert.Contains(events, item => item.GetProperty("name").GetString() == "power (W)" && item.GetProperty("args").GetProperty("value").GetDouble() > 1000);
    }

    private static long Args(JsonElement step, string name) => step.GetProperty("args").GetProperty(name).GetInt64();
}
