using GreenServe.Records.Requests;
using GreenServe.Simulation.Runs;
using GreenServe.Workloads.Schedules;
using static GreenServe.Tests.Simulation.SimulatedRuns;

namespace GreenServe.Tests.Simulation.Runs;

public sealed class LoadDriverTests
{
    [Fact]
    public void Run_SendsNothingAfterTheDuration_AndCompletesWhatIsInFlight()
    {
        RequestClass requestClass = new RequestClassCuts().Classify(512, 128);
        ScheduledRequest[] requests = [.. Enumerable.Range(0, 1000).Select(id => new ScheduledRequest(id, 0, requestClass, 512, 128))];
        Recorder whole = Run(new RequestSchedule(requests, concurrency: 4));
        double duration = whole.Outcomes[500].IssuedSeconds;

        Recorder cut = Run(new RequestSchedule(requests, concurrency: 4, durationSeconds: duration));

        // The same run up to the duration: every request that was issued before it, and no other.
        Assert.Equal(whole.Outcomes.Count(outcome => outcome.IssuedSeconds < duration), cut.Outcomes.Count);
        Assert.InRange(cut.Outcomes.Count, 490, 510);
        Assert.All(cut.Outcomes, outcome => Assert.True(outcome.IssuedSeconds < duration && outcome.Status == RequestStatus.Completed));
    }

    private static Recorder Run(RequestSchedule schedule)
    {
        Recorder recorder = new();
        SimulatedRun.Execute(schedule, TestSystems.H100(TestSystems.Llama31For8B, 1), recorder);
        return recorder;
    }
}
