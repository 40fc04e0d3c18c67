using GreenServe.Records;
using GreenServe.Records.Requests;
using GreenServe.Records.Slos;
using GreenServe.Simulation.Capacity;
using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Policies.Checks;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Simulation.Policies;

/// <summary>What a policy is told before a run.</summary>
public sealed record PolicySetting
{
    /// <summary>The cluster.</summary>
    public required ClusterDefinition Cluster { get; init; }

    /// <summary>The SLO that the workload states; <c>null</c> for none.</summary>
    public SloProfile? Slo { get; init; }

    /// <summary>Lengths at which request classes begin.</summary>
    public RequestClassCuts Classes { get; init; } = new();

    /// <summary>Seed of the run, for policies that draw at random.</summary>
    public ulong Seed { get; init; }

    /// <summary>
    /// The requests of the run. Only a policy whose <see cref="Control.IClusterPolicy.KnowsFuture"/> says so may read them. Others have
    /// <see cref="Traffic"/>.
    /// </summary>
    public required RequestSchedule Schedule { get; init; }

    /// <summary>What an operator knows of earlier traffic, for which the requests of the run stand.</summary>
    public TrafficHistory Traffic => TrafficHistory.Of(Schedule);

    /// <summary>The problem that there is no SLO, without which no server can be profiled; empty if there is one.</summary>
    internal IEnumerable<Problem> CheckSlo() => Slo is null
        ? [new Problem("$.slo", null, "an SLO in the workload or with --set slo=NAME: it says what a server can carry")]
        : [];

    /// <summary>Every reason why one server cannot be profiled for all; empty if it can.</summary>
    internal IEnumerable<Problem> CheckProfiles()
    {
        foreach (Problem problem in CheckSlo())
        {
            yield return problem;
        }

        if (Cluster.Replicas.Select(replica => (replica.System, string.Join(" + ", replica.Partition))).Distinct().Count() > 1)
        {
            yield return new Problem("replicas", "servers of several kinds", "equal servers, of which one profile stands for all");
        }

        foreach (Problem problem in PolicyNeeds.WholeRequests(Cluster).Concat(PolicyNeeds.AllClasses(Cluster)))
        {
            yield return problem;
        }
    }

    /// <summary>Profiles of the servers, as an operator makes them before traffic comes.</summary>
    /// <exception cref="InvalidInputException">There is no SLO, or servers differ. The exception lists every reason.</exception>
    internal ServingProfiles Profiles()
    {
        Problem[] problems = [.. CheckProfiles()];
        return problems.Length > 0
            ? throw new InvalidInputException(problems)
            : new ServingProfiles(Server, Traffic, Classes, SloByClass.Of(Slo!, Classes, Server));
    }

    /// <summary>The profile of one server as the cluster file divides it, for all requests in the shares in which they come.</summary>
    /// <param name="profiles">Profiles of the servers.</param>
    /// <param name="clockMegahertz">Its clock, in megahertz; <c>null</c> for that of the cluster file.</param>
    internal ServerProfile ProfileOfServer(ServingProfiles profiles, double? clockMegahertz = null)
    {
        Physics.SimulatedSystem[] instances = [.. Cluster.Replicas[0].Instances];
        return new ServerProfile(
            [.. instances.Select(instance => profiles.OfMix(instance.TensorParallelism, clockMegahertz))],
            (Server.GpuCount - instances.Sum(instance => instance.Gpus)) * Server.Gpu.Power.IdleWatts);
    }

    /// <summary>Every clock of a list that the accelerators of the cluster do not have.</summary>
    /// <param name="clocksMegahertz">The clocks, in megahertz.</param>
    internal IEnumerable<Problem> CheckClocks(IReadOnlyList<double> clocksMegahertz)
    {
        Hardware.ClockRange range = Server.Gpu.Clock;
        for (int index = 0; index < clocksMegahertz.Count; index++)
        {
            if (!(clocksMegahertz[index] >= range.LowestMegahertz && clocksMegahertz[index] <= range.HighestMegahertz))
            {
                yield return new Problem(
                    $"$.gpu_clocks_megahertz[{index}]",
                    clocksMegahertz[index],
                    $"{range.LowestMegahertz} to {range.HighestMegahertz} MHz ({Server.Gpu.Name})");
            }
        }
    }

    private Physics.SimulatedSystem Server => Cluster.Replicas[0].System;
}
