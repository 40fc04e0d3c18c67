using GreenServe.Records.Measurements;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Runs;
using GreenServe.Tests.Workloads;
using GreenServe.Workloads;
using GreenServe.Workloads.Arrivals;
using GreenServe.Workloads.Schedules;
using static GreenServe.Tests.Simulation.SimulatedRuns;

namespace GreenServe.Tests.Simulation.Runs;

public sealed class SessionWindowTests
{
    private static readonly SimulatedSystem OneGpu = TestSystems.H100(TestSystems.Llama31For8B, 1);

    [Fact]
    public void Execute_SendsEachTurnAfterTheLastAndItsThinkTime_InAnOpenLoop()
    {
        (SimulationSummary summary, RequestOutcome[] outcomes) = Serve(sessionsPerSecond: 2, thinkSeconds: 5, turns: 3, requests: 120);

        Assert.Equal(120, outcomes.Length);
        foreach (IGrouping<long, RequestOutcome> session in outcomes.GroupBy(outcome => outcome.Request.Id / 3))
        {
            RequestOutcome[] turns = [.. session.OrderBy(outcome => outcome.Request.Id)];
            Assert.Equal(session.Key / 2.0, turns[0].IssuedSeconds - outcomes.Min(outcome => outcome.IssuedSeconds), tolerance: 1e-6);
            Assert.All(turns.Zip(turns.Skip(1)), pair => Assert.Equal(
                pair.First.CompletedSeconds!.Value + 5, pair.Second.IssuedSeconds, tolerance: 1e-9));
        }

        // The last of 40 sessions arrives 19.5 s after the first. The third turn of a session follows after two think times and more.
        MeasurementWindow window = summary.Window!;
        double arrival = outcomes.Min(outcome => outcome.IssuedSeconds);
        Assert.Equal(arrival + 19.5, window.EndSeconds, tolerance: 1e-6);
        Assert.InRange(window.StartSeconds - arrival, 10, 19);
        Assert.True(summary.Verdict.IsValid, summary.Verdict.ToString());
    }

    [Fact]
    public void Execute_IsInvalid_WhenSessionsLastLongerThanTheyArrive()
    {
        (SimulationSummary summary, _) = Serve(sessionsPerSecond: 2, thinkSeconds: 50, turns: 3, requests: 120);

        Assert.Null(summary.Window);
        Assert.Equal("no-steady-window", Assert.Single(summary.Verdict.Reasons).Code);
    }

    [Fact]
    public void Execute_ClosesTheWindowWhenAUserFindsNoSession_WhereSessionsDiffer()
    {
        // Two users. The first has three turns, the second one, and then nothing is left.
        ScheduledRequest[] requests =
        [
            .. new[] { (0, 0), (0, 1), (0, 2), (1, 0) }.Select((place, id) => new ScheduledRequest(id, 0, default, 50, 10)
            {
                PrefixGroup = place.Item1, Turn = place.Item2,
            }),
        ];
        Recorder recorder = new();

        SimulationSummary summary = SimulatedRun.Execute(
            new RequestSchedule(requests, concurrency: 2) { VaryingSessions = 2 }, OneGpu, recorder);

        RequestOutcome[] firsts = [.. recorder.Outcomes.Where(outcome => outcome.Request.Turn == 0)];
        Assert.Equal(firsts.Max(outcome => outcome.FirstTokenSeconds), summary.Window!.StartSeconds);
        Assert.Equal(firsts.Single(outcome => outcome.Request.Id == 3).CompletedSeconds, summary.Window.EndSeconds);
    }

    private static (SimulationSummary Summary, RequestOutcome[] Outcomes) Serve(
        double sessionsPerSecond, double thinkSeconds, int turns, int requests)
    {
        Workload workload = Samples.Workload(
            new ConstantArrival { RequestsPerSecond = turns * sessionsPerSecond }, Samples.Fixed(50, 10), requests) with
        {
            Sessions = new Sessions { Turns = turns, ThinkSeconds = thinkSeconds },
        };
        Recorder recorder = new();
        SimulationSummary summary = SimulatedRun.Execute(RequestSchedule.For(workload), OneGpu, recorder);
        return (summary, [.. recorder.Outcomes]);
    }
}
