using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Simulation.Runs;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Tests.Simulation;

public sealed class ClosedLoopDurationTests
{
    [Fact]
    public void Execute_SendsNothingAfterTheDuration_AndDrainsWhatIsInFlight()
    {
        RequestClass requestClass = new RequestClassCuts().Classify(512, 128);
        ScheduledRequest[] requests = [.. Enumerable.Range(0, 1000).Select(id => new ScheduledRequest(id, 0, requestClass, 512, 128))];
        Outcomes whole = Run(new RequestSchedule(requests, concurrency: 4));
        double duration = whole.All[500].IssuedSeconds;

        Outcomes cut = Run(new RequestSchedule(requests, concurrency: 4, durationSeconds: duration));

        // The same run up to the duration: every request that was issued before it, and no other.
        Assert.Equal(whole.All.Count(outcome => outcome.IssuedSeconds < duration), cut.All.Count);
        Assert.InRange(cut.All.Count, 490, 510);
        Assert.All(cut.All, outcome => Assert.True(outcome.IssuedSeconds < duration && outcome.Status == RequestStatus.Completed));
    }

    private static Outcomes Run(RequestSchedule schedule)
    {
        Outcomes outcomes = new();
        SimulatedRun.Execute(schedule, TestSystems.H100(TestSystems.Llama31For8B, 1), outcomes);
        return outcomes;
    }

    private sealed class Outcomes : ISimulationSink
    {
        internal List<RequestOutcome> All { get; } = [];

        public void Add(in StepStretch stretch)
        {
        }

        public void Add(in RequestOutcome outcome) => All.Add(outcome);

        public void AddTokenGaps(string requestClass, LatencyHistogram gaps)
        {
        }
    }
}
