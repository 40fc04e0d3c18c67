using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Clusters.Monitoring;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Policies;
using GreenServe.Workloads.Schedules;
using static GreenServe.Tests.Simulation.SimulatedRuns;

namespace GreenServe.Tests.Simulation.Policies;

/// <summary>Runs of rows of servers under a power budget, for the tests of policies that hold it.</summary>
internal static class RowRuns
{
    /// <summary>One H100 with Llama-3.1-8B in a server.</summary>
    internal static SimulatedSystem Small => PolicyRuns.Small;

    /// <summary>Equal requests at equal distances.</summary>
    internal static List<ScheduledRequest> Steady(int count, double gap = 0.05) =>
        ToSchedule([.. Enumerable.Repeat((gap, 1000, 200), count)]);

    /// <summary>Servers in one row.</summary>
    internal static ClusterDefinition Row(int servers, double budgetWatts) => new()
    {
        Replicas = [.. Enumerable.Repeat(new ClusterReplica { System = Small, Row = "a" }, servers)],
        Facility = new Facility { Rows = new Dictionary<string, RowEntry> { ["a"] = new() { BudgetWatts = budgetWatts } } },
    };

    /// <summary>A cluster whose rows may draw only a share of their budgets for some time.</summary>
    internal static ClusterDefinition WithEmergency(this ClusterDefinition cluster, double from, double to, double share) => cluster with
    {
        Facility = cluster.Facility with
        {
            Emergencies = [new EmergencyEntry { FromSeconds = from, ToSeconds = to, BudgetShare = share }],
        },
    };

    internal static PolicySetting Setting(ClusterDefinition cluster, List<ScheduledRequest> requests) =>
        new() { Cluster = cluster, Schedule = new RequestSchedule(requests) };

    internal static (Recorder Recorder, ClusterSummary Summary) Run(
        List<ScheduledRequest> requests, ClusterDefinition cluster, PolicyDefinition policy)
    {
        Recorder recorder = new();
        PolicySetting setting = Setting(cluster, requests);
        ClusterSummary summary = SimulatedCluster.Execute(
            setting.Schedule, cluster, recorder, new ClusterController(policy.Create(setting)));
        return (recorder, summary);
    }
}
