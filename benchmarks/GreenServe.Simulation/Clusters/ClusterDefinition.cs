using GreenServe.Records;
using GreenServe.Simulation.Physics;

namespace GreenServe.Simulation.Clusters;

/// <summary>Instances behind one router, and what an operator does to them over time.</summary>
public sealed record ClusterDefinition
{
    /// <summary>The instances.</summary>
    public required IReadOnlyList<ClusterReplica> Replicas { get; init; }

    /// <summary>How requests are spread.</summary>
    public RouterKind Router { get; init; } = RouterKind.LeastTokens;

    /// <summary>What is done to the instances, in order of time.</summary>
    public IReadOnlyList<ReplicaChange> Changes { get; init; } = [];

    /// <summary>From switching an instance on to its first request (s). Default: 7 minutes (DynamoLLM, table V: 6-8 minutes, second-hand).</summary>
    public double StartSeconds { get; init; } = 420;

    /// <summary>From the last request before a re-sharding to the first after it (s). Default: 60 s (DynamoLLM: 1-2 minutes unoptimised, second-hand).</summary>
    public double ReshardSeconds { get; init; } = 60;

    /// <summary>How long setting a clock keeps an instance from working (s). Default: 65 ms (DynamoLLM: 50-80 ms, second-hand).</summary>
    public double ClockChangeSeconds { get; init; } = 0.065;

    /// <summary>Bandwidth at which a prompt's keys and values move to another instance (bytes/s). Default: 50 GB/s, a 400 Gb/s link.</summary>
    public double TransferBytesPerSecond { get; init; } = 50e9;

    /// <summary>Latency of such a move (s).</summary>
    public double TransferLatencySeconds { get; init; } = 0.002;

    /// <summary>Every reason why this cluster cannot exist.</summary>
    public IEnumerable<Problem> Check()
    {
        if (Replicas.Count == 0)
        {
            yield return new Problem("replicas", "none", "at least one");
        }

        for (int index = 0; index < Replicas.Count; index++)
        {
            foreach (Problem problem in Replicas[index].System.Check())
            {
                yield return problem with { Place = $"replica {index}: {problem.Place}" };
            }
        }

        bool prefills = Replicas.Any(replica => replica.Role == ReplicaRole.Prefill);
        bool decodes = Replicas.Any(replica => replica.Role == ReplicaRole.Decode);
        if (prefills != decodes)
        {
            yield return new Problem("replicas", prefills ? "prefill without decode" : "decode without prefill", "both or neither");
        }

        foreach (Problem problem in new[] { StartSeconds, ReshardSeconds, ClockChangeSeconds, TransferLatencySeconds }
            .Where(seconds => !(seconds >= 0)).Select(seconds => new Problem("cluster delays", seconds, "a number of seconds of at least 0"))
            .Concat(CheckChanges()))
        {
            yield return problem;
        }
    }

    private IEnumerable<Problem> CheckChanges()
    {
        for (int index = 0; index < Changes.Count; index++)
        {
            ReplicaChange change = Changes[index];
            string place = $"changes[{index}]";
            if (!(change.AtSeconds >= (index == 0 ? 0 : Changes[index - 1].AtSeconds)))
            {
                yield return new Problem(place, $"{change.AtSeconds} s", "changes in order of time, from 0 s on");
            }

            if (change.Replica < 0 || change.Replica >= Replicas.Count)
            {
                yield return new Problem(place, $"replica {change.Replica}", $"0 to {Replicas.Count - 1}");
                continue;
            }

            SimulatedSystem? changed = After(Replicas[change.Replica].System, change);
            foreach (Problem problem in changed?.Check() ?? [])
            {
                yield return problem with { Place = $"{place}: {problem.Place}" };
            }
        }
    }

    /// <summary>An instance after a change of its knobs; <c>null</c> where they stay.</summary>
    internal static SimulatedSystem? After(SimulatedSystem system, ReplicaChange change) => change.Action switch
    {
        ReplicaAction.SetClock => system with { Knobs = system.Knobs with { GpuClockMegahertz = change.Value } },
        ReplicaAction.Reshard => system with { Knobs = system.Knobs with { TensorParallelism = (int)(change.Value ?? 0) } },
        _ => null,
    };
}
