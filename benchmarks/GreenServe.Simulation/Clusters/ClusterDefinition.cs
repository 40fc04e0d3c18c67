using GreenServe.Records;
using GreenServe.Simulation.Clusters.Monitoring;
using GreenServe.Simulation.Clusters.Variants;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Physics;

namespace GreenServe.Simulation.Clusters;

/// <summary>Instances behind one router, and what an operator does to them during a run.</summary>
public sealed record ClusterDefinition
{
    /// <summary>Default of <see cref="StartSeconds"/>: 7 minutes. DynamoLLM, table V, reports 6 to 8 minutes (second-hand).</summary>
    internal const double DefaultStartSeconds = 420;

    /// <summary>
    /// Default of <see cref="ReshardSeconds"/>: 1 minute. DynamoLLM reports 1 to 2 minutes without optimisation (second-hand).
    /// </summary>
    internal const double DefaultReshardSeconds = 60;

    /// <summary>Default of <see cref="ClockChangeSeconds"/>: 65 ms. DynamoLLM reports 50 to 80 ms (second-hand).</summary>
    internal const double DefaultClockChangeSeconds = 0.065;

    /// <summary>
    /// Default of <see cref="WakeSeconds"/>: 10 s, assumed. It is the time to copy 140 GB of weights from the host's memory at 14 GB/s.
    /// </summary>
    internal const double DefaultWakeSeconds = 10;

    /// <summary>Default of <see cref="TransferBytesPerSecond"/>: 50 GB/s, the bandwidth of a 400 Gb/s link.</summary>
    internal const double DefaultTransferBytesPerSecond = 50e9;

    /// <summary>Default of <see cref="TransferLatencySeconds"/>: 2 ms, assumed for setting up a transfer between servers.</summary>
    internal const double DefaultTransferLatencySeconds = 0.002;

    /// <summary>
    /// Default of <see cref="LayeredTransferSeconds"/>: 5 ms. Splitwise reports 5 ms between DGX-H100 and 8 ms between DGX-A100 servers.
    /// </summary>
    internal const double DefaultLayeredTransferSeconds = 0.005;

    /// <summary>The servers, numbered from 0 in this order. There is at least one. Their instances are numbered likewise.</summary>
    public required IReadOnlyList<ClusterReplica> Replicas { get; init; }

    /// <summary>How the router chooses an instance for a request.</summary>
    /// <value>Default <see cref="RouterKind.LeastTokens"/>.</value>
    public RouterKind Router { get; init; } = RouterKind.LeastTokens;

    /// <summary>The operator's actions on the instances, in order of time.</summary>
    /// <value>Default: nothing.</value>
    public IReadOnlyList<ReplicaChange> Changes { get; init; } = [];

    /// <summary>Time from switching an instance on to its first request, in seconds, at least 0.</summary>
    /// <value>Default 420.</value>
    public double StartSeconds { get; init; } = DefaultStartSeconds;

    /// <summary>Time from the last request before a re-sharding to the first one after it, in seconds, at least 0.</summary>
    /// <value>Default 60.</value>
    public double ReshardSeconds { get; init; } = DefaultReshardSeconds;

    /// <summary>Time for which setting a clock keeps an instance from working, in seconds, at least 0.</summary>
    /// <value>Default 0.065.</value>
    public double ClockChangeSeconds { get; init; } = DefaultClockChangeSeconds;

    /// <summary>Time from waking an instance that sleeps to its first request, in seconds, at least 0.</summary>
    /// <value>Default 10.</value>
    public double WakeSeconds { get; init; } = DefaultWakeSeconds;

    /// <summary>Bandwidth at which the keys and values of a prompt move to another instance, in bytes per second, above 0.</summary>
    /// <value>Default 50e9.</value>
    public double TransferBytesPerSecond { get; init; } = DefaultTransferBytesPerSecond;

    /// <summary>Latency of moving the keys and values of a prompt to another instance, in seconds, at least 0.</summary>
    /// <value>Default 0.002.</value>
    public double TransferLatencySeconds { get; init; } = DefaultTransferLatencySeconds;

    /// <summary>What surrounds the servers: power budgets, electric grids, air, and emergencies.</summary>
    /// <value>Default: nothing is stated.</value>
    public Facility Facility { get; init; } = new();

    /// <summary>
    /// Length from which on a prompt's keys and values move layer by layer while it is processed, in tokens, at least 1; <c>null</c> where
    /// they always move after it.
    /// </summary>
    /// <value>Default <c>null</c>.</value>
    public int? LayeredTransferTokens { get; init; }

    /// <summary>The part of a transfer layer by layer that is not hidden behind the prompt, in seconds, at least 0.</summary>
    /// <value>Default 0.005.</value>
    public double LayeredTransferSeconds { get; init; } = DefaultLayeredTransferSeconds;

    /// <summary>Models and precisions that instances can serve in place of their own, by name.</summary>
    /// <value>Default: none.</value>
    public IReadOnlyDictionary<string, ModelVariant> Variants { get; init; } = new Dictionary<string, ModelVariant>();

    /// <summary>Every reason why this cluster cannot exist; empty if it can.</summary>
    public IEnumerable<Problem> Check()
    {
        if (Replicas.Count == 0)
        {
            yield return new Problem("replicas", "none", "at least one");
        }

        for (int index = 0; index < Replicas.Count; index++)
        {
            ClusterReplica replica = Replicas[index];
            foreach (Problem problem in replica.Instances.SelectMany(system => system.Check()))
            {
                yield return problem with { Place = $"replica {index}: {problem.Place}" };
            }

            if (replica.Instances.Sum(system => (long)system.Gpus) > replica.System.GpuCount && replica.Partition.Count > 0)
            {
                yield return new Problem(
                    $"replica {index}: partition",
                    string.Join(" + ", replica.Partition),
                    $"together at most the {replica.System.GpuCount} GPUs of the server");
            }
        }

        bool prefills = Replicas.Any(replica => replica.Role == ReplicaRole.Prefill);
        bool decodes = Replicas.Any(replica => replica.Role == ReplicaRole.Decode);
        if (prefills != decodes)
        {
            yield return new Problem("replicas", prefills ? "prefill without decode" : "decode without prefill", "both or neither");
        }

        double[] delays = [StartSeconds, ReshardSeconds, ClockChangeSeconds, WakeSeconds, TransferLatencySeconds, LayeredTransferSeconds];
        foreach (double seconds in delays.Where(seconds => !(seconds >= 0)))
        {
            yield return new Problem("cluster delays", seconds, "a number of seconds of at least 0");
        }

        foreach (Problem problem in CheckChanges().Concat(CheckVariants()))
        {
            yield return problem;
        }
    }

    /// <summary>Variants that no server can serve. One that only some can is refused where a policy asks for it elsewhere.</summary>
    private IEnumerable<Problem> CheckVariants()
    {
        foreach ((string name, ModelVariant variant) in Variants.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            Problem[][] problems = [.. Replicas.Distinct()
                .Select(replica => (Problem[])[.. variant.On(replica.System, replica.System, Variants.Values).Check()])];
            foreach (Problem problem in problems.Length > 0 && problems.All(each => each.Length > 0) ? problems[0] : [])
            {
                yield return problem with { Place = $"variant {name}: {problem.Place}" };
            }
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

            if (change.Action == ReplicaAction.Reshard && !(change.Value >= 1 && change.Value == Math.Floor(change.Value.Value)))
            {
                yield return new Problem($"{place}: value", change.Value, "the new tensor parallelism, a whole number of at least 1");
                continue;
            }

            SimulatedSystem? changed = After(Replicas[change.Replica].System, change);
            foreach (Problem problem in changed?.Check() ?? [])
            {
                yield return problem with { Place = $"{place}: {problem.Place}" };
            }
        }
    }

    /// <summary>Time from the first token of a prompt to the arrival of its keys and values at another instance, in seconds.</summary>
    /// <param name="promptTokens">Length of the prompt, in tokens.</param>
    /// <param name="bytesPerToken">Bytes of keys and values of one token, summed over all accelerators.</param>
    internal double TransferSeconds(int promptTokens, double bytesPerToken) => promptTokens >= LayeredTransferTokens
        ? LayeredTransferSeconds
        : TransferLatencySeconds + (promptTokens * bytesPerToken / TransferBytesPerSecond);

    /// <summary>The quality of what an instance serves, a ratio from 0 to 1; <c>null</c> where it is not stated.</summary>
    /// <param name="replica">The server of the instance.</param>
    /// <param name="system">The instance with what it serves now.</param>
    internal double? QualityRatio(ClusterReplica replica, SimulatedSystem system)
    {
        ModelQuality? own = new ModelVariant().IsServedBy(system, replica.System) ? replica.Quality : null;
        return (own ?? Variants.Values.FirstOrDefault(variant => variant.IsServedBy(system, replica.System))?.Quality)?.Ratio;
    }

    /// <summary>What the actions of a policy cost.</summary>
    internal ActionCosts Costs => new(StartSeconds, ReshardSeconds, ClockChangeSeconds, WakeSeconds);

    /// <summary>An instance after a change of its knobs; <c>null</c> for an action that does not change them.</summary>
    /// <param name="system">The instance before the change.</param>
    /// <param name="change">The change, which <see cref="Check"/> has accepted.</param>
    internal static SimulatedSystem? After(SimulatedSystem system, ReplicaChange change) => change.Action switch
    {
        ReplicaAction.SetClock => system with { Knobs = system.Knobs with { GpuClockMegahertz = change.Value } },
        ReplicaAction.Reshard => system with { Knobs = system.Knobs with { TensorParallelism = (int)change.Value!.Value } },
        _ => null,
    };
}

/// <summary>How a cluster chooses the instance for a request. Ties go to the instance with the lowest number.</summary>
public enum RouterKind
{
    /// <summary>The instances take turns.</summary>
    RoundRobin,

    /// <summary>The instance with the fewest unfinished requests is chosen.</summary>
    LeastRequests,

    /// <summary>The instance with the fewest input and output tokens of unfinished requests is chosen (join the shortest queue).</summary>
    LeastTokens,
}
