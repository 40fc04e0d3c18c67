using GreenServe.Records.Requests;
using GreenServe.Simulation.Engines;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Runs;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Tests.Simulation.Runs;

/// <summary>
/// Runs whose steps have uncertain energy, a power cap that limits a mean, or speculative decoding. They use several types together.
/// </summary>
public sealed class PowerAndSpeculationRunTests
{
    [Fact]
    public void Execute_StaysExact_WithSpeculation()
    {
        SimulatedSystem plain = TestSystems.H100();
        SimulatedSystem system = plain with
        {
            Engine = plain.Engine with
            {
                Speculative = new SpeculativeDecoding { DraftTokens = 3, AcceptanceProbability = 0.7, DraftCostRatio = 0.1 },
            },
        };
        SimulationAggregate aggregate = new();
        SimulatedRun.Execute(new RequestSchedule(Requests(50)), system, aggregate);
        Assert.Equal(aggregate.TotalJoules, aggregate.RequestJoules + aggregate.IdleJoules, 1e-9 * aggregate.TotalJoules);
        Assert.Equal(50 * 100, aggregate.OutputTokens);
    }

    [Fact]
    public void Execute_ReportsTheUncertaintyOfEnergy_BelowTheHighestClock()
    {
        SimulatedSystem system = TestSystems.H100();
        system = system with { Knobs = system.Knobs with { GpuClockMegahertz = 1200 } };

        SimulationSummary summary = SimulatedRun.Execute(new RequestSchedule(Requests(30)), system, new SimulationAggregate());

        Assert.InRange(summary.TotalLowJoules / summary.TotalJoules, 0.85, 0.995);
        Assert.InRange(summary.TotalHighJoules / summary.TotalJoules, 1.005, 1.2);
        Assert.InRange(summary.StepTimeLowRatio, 0.8, 0.9999);
        Assert.InRange(summary.StepTimeHighRatio, 1.0001, 1.2);
        Assert.Equal(summary.StepTimeHighRatio, summary.Counters["step_time_high_ratio"]);
    }

    [Fact]
    public void Execute_ReportsNoUncertainty_AtTheHighestClockBelowTheCap()
    {
        SimulationSummary summary = SimulatedRun.Execute(
            new RequestSchedule([new ScheduledRequest(0, 0, default, 1, 50)]), TestSystems.H100(), new SimulationAggregate());

        Assert.Equal((summary.TotalJoules, summary.TotalJoules), (summary.TotalLowJoules, summary.TotalHighJoules));
        Assert.DoesNotContain("step_time_high_ratio", summary.Counters.Keys);
    }

    [Fact]
    public void Execute_LetsShortPeaksPass_WhenTheCapHoldsAMean()
    {
        SimulatedSystem strict = TestSystems.H100(TestSystems.Llama31For8B, 1);
        SimulatedSystem slack = strict with { Gpu = strict.Gpu with { PowerCap = strict.Gpu.PowerCap with { WindowSeconds = 1 } } };

        // A prompt every two seconds: 60 ms above the cap, then decoding well below it.
        List<ScheduledRequest> requests = [.. Enumerable.Range(0, 20).Select(id => new ScheduledRequest(id, 2.0 * id, default, 4000, 50))];
        SimulationSummary held = SimulatedRun.Execute(new RequestSchedule(requests), strict, new SimulationAggregate());
        SimulationSummary passed = SimulatedRun.Execute(new RequestSchedule(requests), slack, new SimulationAggregate());

        Assert.Equal((20, 0), (held.ThrottledSteps, passed.ThrottledSteps));
        Assert.True(held.PeakWatts <= 695.2 && passed.PeakWatts > 700, $"{held.PeakWatts} W, {passed.PeakWatts} W");

        // Prompts all the time: the mean is at the cap, so steps are held back there too.
        SimulationSummary busy = SimulatedRun.Execute(
            new RequestSchedule([.. Enumerable.Range(0, 200).Select(id => new ScheduledRequest(id, 0, default, 4000, 1))]),
            slack,
            new SimulationAggregate());
        Assert.True(busy.ThrottledSteps > 50);
        Assert.InRange(busy.TotalJoules / busy.DurationSeconds, 600, 720);
    }

    private static List<ScheduledRequest> Requests(int count)
    {
        RequestClass requestClass = new RequestClassCuts().Classify(500, 100);
        return [.. Enumerable.Range(0, count).Select(id => new ScheduledRequest(id, id * 0.05, requestClass, 500, 100))];
    }
}
