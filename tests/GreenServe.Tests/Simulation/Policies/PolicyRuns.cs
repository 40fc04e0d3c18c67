using GreenServe.Records;
using GreenServe.Records.Requests;
using GreenServe.Records.Slos;
using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Clusters.Variants;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Policies;
using GreenServe.Simulation.Runs;
using GreenServe.Workloads.Schedules;
using static GreenServe.Tests.Simulation.SimulatedRuns;

namespace GreenServe.Tests.Simulation.Policies;

/// <summary>Runs of small clusters under a policy.</summary>
internal static class PolicyRuns
{
    /// <summary>A server with one accelerator that serves Llama-3.1-8B: 123 W ready, 75 W without a process.</summary>
    internal static SimulatedSystem Small { get; } = TestSystems.H100(TestSystems.Llama31For8B, 1) with { GpuCount = 1 };

    /// <summary>A server with eight accelerators that share Llama-2-70B.</summary>
    internal static SimulatedSystem Large { get; } = TestSystems.H100();

    /// <summary>One server with Llama-3.1-8B of quality 0.6, and one with Llama-2-70B on eight accelerators of quality 0.9.</summary>
    internal static ClusterDefinition TwoModels() => new()
    {
        Replicas =
        [
            new ClusterReplica { System = Small, Quality = Quality(0.6) },
            new ClusterReplica { System = Large, Quality = Quality(0.9) },
        ],
    };

    internal static ModelQuality Quality(double ratio) => new() { Ratio = ratio, Source = "test" };

    /// <summary>Limits of the time to the first token and of the mean time between tokens at the 99th percentile.</summary>
    internal static SloProfile Slo(double ttftSeconds = 1, double tpotSeconds = 0.1) => new()
    {
        Name = "slo",
        Source = "test",
        Limits =
        [
            new SloLimit { Metric = SloMetric.Ttft, LimitSeconds = ttftSeconds },
            new SloLimit { Metric = SloMetric.Tpot, LimitSeconds = tpotSeconds },
        ],
    };

    internal static PolicySetting Setting(
        IReadOnlyList<ScheduledRequest> requests, ClusterDefinition cluster, SloProfile? slo = null) =>
        new() { Cluster = cluster, Schedule = new RequestSchedule(requests), Seed = 7, Slo = slo ?? Slo() };

    internal static IReadOnlyList<Problem> Problems(PolicyDefinition policy, ClusterDefinition cluster) =>
        [.. policy.CheckFor(Setting([Request(0, 0, 10, 10)], cluster))];

    internal static (Recorder Recorder, ClusterSummary Summary) Run(
        IReadOnlyList<ScheduledRequest> requests, ClusterDefinition cluster, PolicyDefinition policy, SloProfile? slo = null)
    {
        PolicySetting setting = Setting(requests, cluster, slo);
        Assert.Empty(policy.CheckFor(setting));
        Recorder recorder = new();
        ClusterController controller = new(policy.Create(setting)) { Seed = setting.Seed };
        return (recorder, SimulatedCluster.Execute(setting.Schedule, cluster, recorder, controller));
    }

    /// <summary>Every request ends once, completed ones have all their tokens, and the parts of the energy add up.</summary>
    internal static void AssertNothingIsLost(IReadOnlyList<ScheduledRequest> requests, Recorder recorder, ClusterSummary summary)
    {
        Assert.Equal(requests.Select(request => request.Id), recorder.Outcomes.Select(outcome => outcome.Request.Id).Order());
        Assert.Equal(requests.Count, summary.CompletedRequests + summary.CancelledRequests + summary.RejectedRequests);
        Assert.All(
            recorder.Outcomes.Where(outcome => outcome.Status == RequestStatus.Completed),
            outcome => Assert.Equal(outcome.Request.OutputTokens, outcome.OutputTokens));
        double parts = recorder.Outcomes.Sum(outcome => outcome.EnergyJoules) + summary.IdleJoules + summary.TransitionJoules
            + summary.SleepJoules + summary.UnusedJoules;
        AssertRelative(summary.TotalJoules, parts, 1e-9);
    }

    /// <summary>Requests at a steady rate from a time on, numbered from the number of those before.</summary>
    internal static List<ScheduledRequest> Steady(
        this List<ScheduledRequest> requests, double from, double until, double perSecond, int input, int output)
    {
        int first = requests.Count;
        int count = (int)((until - from) * perSecond);
        requests.AddRange(Enumerable.Range(0, count).Select(index =>
            Request(first + index, from + (index / perSecond), input, output)));
        return requests;
    }

    /// <summary>
    /// Largest mean power over a whole second of all instances together, in watts. Each stretch counts with its largest power, so that the
    /// true mean is at most this.
    /// </summary>
    internal static double MaxSecondWatts(this Recorder recorder)
    {
        double[] joules = new double[(int)recorder.Stretches.Max(stretch => stretch.StartSeconds + stretch.Seconds) + 1];
        foreach (StepStretch stretch in recorder.Stretches)
        {
            double end = stretch.StartSeconds + stretch.Seconds;
            for (int second = (int)stretch.StartSeconds; second < joules.Length && second < end; second++)
            {
                joules[second] += stretch.PeakWatts * (Math.Min(second + 1, end) - Math.Max(second, stretch.StartSeconds));
            }
        }

        return joules.Max();
    }
}
