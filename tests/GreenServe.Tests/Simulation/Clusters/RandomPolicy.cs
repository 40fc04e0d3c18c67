using GreenServe.Simulation.Control;

namespace GreenServe.Tests.Simulation.Clusters;

/// <summary>A policy that does anything at any time, whether the cluster can or not. The same seed does the same.</summary>
internal sealed class RandomPolicy(int seed) : IClusterPolicy
{
    private readonly Random random = new(seed);

    public IReadOnlyList<double> PeriodsSeconds => [0.4, 1.3];

    public OutputPredictor Predictor { get; } = OutputPredictor.WithAccuracy(0.7);

    public void Begin(IClusterView cluster, IClusterActions actions) => Act(cluster, actions);

    public void Tick(int loop, IClusterView cluster, IClusterActions actions)
    {
        // Every server comes back now and then, so that the run ends.
        if (loop == 1)
        {
            actions.Start(random.Next(cluster.Servers.Count), "back");
        }

        Act(cluster, actions);
    }

    public RouteDecision Route(in RequestView request, IClusterView cluster, IClusterActions actions) => random.Next(12) switch
    {
        0 => RouteDecision.Hold,
        1 => RouteDecision.Defer(cluster.NowSeconds + (2 * random.NextDouble()), "later"),
        2 when random.Next(8) == 0 => RouteDecision.Reject("enough"),
        3 or 4 or 5 => RouteDecision.To(AnyInstance(cluster), rank: random.Next(4)),
        6 or 7 => RouteDecision.To(AnyInstance(cluster), AnyInstance(cluster)),
        _ => RouteDecision.ByRouter,
    };

    public void Observe(in RequestEvent happened, IClusterView cluster, IClusterActions actions)
    {
        if (random.Next(10) == 0)
        {
            Act(cluster, actions);
        }
    }

    private int AnyInstance(IClusterView cluster) => cluster.Instances[random.Next(cluster.Instances.Count)].Number;

    private void Act(IClusterView cluster, IClusterActions actions)
    {
        int server = random.Next(-1, cluster.Servers.Count + 1);
        int instance = random.Next(4) == 0 ? random.Next(20) : AnyInstance(cluster);
        int[][] partitions = [[1, 1, 1, 1], [2, 2], [4], [2, 1, 1], [1], [3], [4, 4]];
        _ = random.Next(12) switch
        {
            0 or 1 => actions.Partition(server, partitions[random.Next(partitions.Length)], "shape"),
            2 => actions.SetClock(instance, random.Next(100, 2200), "clock", random.Next(2) * random.NextDouble()),
            3 => actions.SetPowerCap(instance, random.Next(150, 800), "cap"),
            4 => actions.SetMaxBatch(instance, random.Next(1, 300), "batch"),
            5 => actions.SetStepTokens(instance, random.Next(256, 4096), "step"),
            6 => actions.SetRole(instance, (ReplicaRole)random.Next(4), "role"),
            7 => actions.Sleep(server, "rest"),
            8 => actions.Idle(server, "end"),
            9 => actions.PowerOff(server, "off"),
            10 => actions.MoveWaiting(instance, "elsewhere"),
            _ => actions.Start(server, "on"),
        };
    }
}
