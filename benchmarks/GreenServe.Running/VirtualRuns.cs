using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Runs;
using GreenServe.Workloads;
using GreenServe.Workloads.Experiments;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Running;

/// <summary>Runs simulated points in memory, for a search that looks at thousands of runs and keeps none of their records.</summary>
/// <remarks>
/// A record has the same numbers as the one that <c>greenserve run</c> writes of the same point. Points that name the same workload share
/// its schedule. The type is thread-safe.
/// </remarks>
public sealed class VirtualRuns
{
    private readonly PointInputs inputs = new();
    private readonly SimulatedInstanceRuns instances;
    private readonly SimulatedClusterRuns clusters;

    /// <summary>Prepares runs.</summary>
    public VirtualRuns()
    {
        instances = new SimulatedInstanceRuns(inputs);
        clusters = new SimulatedClusterRuns(inputs);
    }

    /// <summary>The requests of a repetition of a workload.</summary>
    /// <param name="workload">The workload.</param>
    /// <param name="repetition">Number of the repetition, from 0.</param>
    /// <exception cref="InvalidInputException">The trace cannot be read, or the schedule has no request.</exception>
    public RequestSchedule ScheduleOf(Workload workload, int repetition = 0) => inputs.ScheduleOf(workload, repetition);

    /// <summary>The simulated instance that a point names.</summary>
    /// <exception cref="InvalidInputException">Its model, accelerator or engine is not known.</exception>
    public SimulatedSystem SystemOf(OperatingPoint point) => inputs.SystemOf(point);

    /// <summary>Every reason why an instance cannot serve the requests of a point; empty if it can.</summary>
    /// <param name="point">The point, whose workload counts.</param>
    /// <param name="system">The instance.</param>
    public IReadOnlyList<Problem> Check(OperatingPoint point, SimulatedSystem system) =>
        SimulatedRun.Check(inputs.ScheduleOf(point), system);

    /// <summary>Every reason why the policy of a point cannot control a cluster; empty if it can, and where there is none.</summary>
    /// <param name="point">The point. Its workload, repetition and policy count.</param>
    /// <param name="cluster">The cluster.</param>
    public IReadOnlyList<Problem> CheckPolicy(OperatingPoint point, ClusterDefinition cluster) => InvalidInputException.ProblemsOf(
        () => inputs.PolicyOf(point)?.CheckFor(SimulatedClusterRuns.SettingOf(point, cluster, inputs.ScheduleOf(point))) ?? []);

    /// <summary>Runs a point on one instance.</summary>
    /// <param name="point">The point. Its workload and repetition count.</param>
    /// <param name="system">The instance.</param>
    /// <returns>The record, in memory.</returns>
    /// <exception cref="InvalidInputException">The system cannot exist, or cannot hold a request.</exception>
    public RunRecord Run(OperatingPoint point, SimulatedSystem system)
    {
        RequestSchedule schedule = inputs.ScheduleOf(point);
        RunRecordMemory record = new(instances.Manifest(point, schedule, system));
        return SimulatedInstanceRuns.Serve(schedule, system, record, new RunRecordSink(record));
    }

    /// <summary>Runs a point on a cluster, under the policy that the point names or under none.</summary>
    /// <param name="point">The point. Its workload, repetition and policy count.</param>
    /// <param name="cluster">The cluster.</param>
    /// <returns>The record, in memory.</returns>
    /// <exception cref="InvalidInputException">The cluster cannot exist, or cannot hold a request.</exception>
    public RunRecord Run(OperatingPoint point, ClusterDefinition cluster)
    {
        PlannedClusterRun run = clusters.Plan(point, cluster);
        RunRecordMemory record = new(run.Manifest);
        ClusterRecordSink sink = run.SinkInto(record);
        return SimulatedClusterRuns.Serve(run, record, sink, sink);
    }
}
