using GreenServe.Records.Requests;
using GreenServe.Simulation.Runs;
using GreenServe.Tests.Workloads;
using GreenServe.Workloads;
using GreenServe.Workloads.Arrivals;
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

    [Fact]
    public void Run_LetsUsersBeginOneAfterTheOther_WhenTheyRampUp()
    {
        Workload workload = Samples.Workload(
            new ClosedLoopArrival { Concurrency = 4, RampSeconds = 8 }, Samples.Fixed(512, 128), requests: 40);

        Recorder recorder = Run(RequestSchedule.For(workload));

        // User u begins at 8 s x u / 4; a request of 128 tokens takes less than two seconds, so the first user has sent another by then.
        double[] firsts = [.. recorder.Outcomes.Where(outcome => outcome.Request.Id < 4).Select(outcome => outcome.IssuedSeconds).Order()];
        Assert.Equal([0, 2, 4, 6], firsts);
        Assert.Contains(recorder.Outcomes, outcome => outcome.Request.Id == 4 && outcome.IssuedSeconds < 2);
    }

    private static Recorder Run(RequestSchedule schedule)
    {
        Recorder recorder = new();
        SimulatedRun.Execute(schedule, TestSystems.H100(TestSystems.Llama31For8B, 1), recorder);
        return recorder;
    }
}
