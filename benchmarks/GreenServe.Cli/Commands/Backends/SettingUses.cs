using GreenServe.Records;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Cli.Commands.Backends;

/// <summary>Which kinds of server use which value of an operating point, by its path, for example <c>knobs.max_batch</c>.</summary>
internal static class SettingUses
{
    private const ServerKinds All = ServerKinds.Simulated | ServerKinds.Measured;

    /// <summary>The settings of a simulated cluster and of its policy.</summary>
    private static readonly string[] ClusterSettings =
        ["system.cluster", "system.policy", "system.cluster_changes", "system.policy_changes"];

    /// <summary>The settings of a GPU, which can change while a server runs.</summary>
    private static readonly string[] DeviceKnobs = ["knobs.gpu_clock_megahertz", "knobs.power_cap_watts"];

    /// <summary>One problem for each <c>--set</c> that the chosen server does not use.</summary>
    /// <param name="settings">Changes as <c>name=value</c>.</param>
    /// <param name="chosen">The one kind of server that serves.</param>
    internal static IEnumerable<Problem> Unused(IEnumerable<string> settings, ServerKinds chosen) =>
        from setting in settings
        let path = PointSettings.PathOf(setting)
        where path is not null && !UsersOf(path).HasFlag(chosen)
        select OptionUses.UnusedBy(chosen, $"--set {setting}", UsersOf(path));

    /// <summary>One problem for each axis of an experiment that the chosen server cannot follow from point to point.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="chosen">The one kind of server that serves.</param>
    internal static IEnumerable<Problem> Unvaried(Experiment experiment, ServerKinds chosen) =>
        from axis in experiment.Grid
        from path in axis.Paths
        where !VariedBy(path).HasFlag(chosen)
        select experiment.ProblemOfAxis(
            axis, path, $"an axis without it: {ServerKindText.NameOf(chosen)} cannot be given other values for each point");

    /// <summary>A problem if an experiment of a simulated cluster is to run on something else.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="chosen">The one kind of server that serves.</param>
    internal static IEnumerable<Problem> Unserved(Experiment experiment, ServerKinds chosen)
    {
        if (experiment.NamesCluster && chosen != ServerKinds.SimulatedCluster)
        {
            yield return experiment.ProblemAt(
                "$.system.cluster",
                $"the file of a simulated cluster, where {ServerKindText.NameOf(chosen)} serves",
                "an experiment without it, or --backend simulated");
        }
    }

    /// <summary>The kinds of server that use a value that is the same for the whole command.</summary>
    private static ServerKinds UsersOf(string path) => path switch
    {
        "system.gpu" or "system.gpu_count" => ServerKinds.SimulatedEngine | ServerKinds.BuiltInEngine,
        _ when ClusterSettings.Any(setting => path == setting || path.StartsWith($"{setting}.", StringComparison.Ordinal)) =>
            ServerKinds.SimulatedCluster,
        "workload.model" => All & ~ServerKinds.RunningServer,
        _ when path.StartsWith("system.", StringComparison.Ordinal) => ServerKinds.SimulatedEngine,
        _ when path.StartsWith("knobs.", StringComparison.Ordinal) => All & ~ServerKinds.SimulatedCluster,
        _ => All,
    };

    /// <summary>The kinds of server that can follow a value from point to point. A server that runs already keeps its knobs.</summary>
    private static ServerKinds VariedBy(string path) =>
        path.StartsWith("knobs.", StringComparison.Ordinal) && !DeviceKnobs.Contains(path)
            ? UsersOf(path) & ~ServerKinds.RunningServer
            : UsersOf(path);
}
