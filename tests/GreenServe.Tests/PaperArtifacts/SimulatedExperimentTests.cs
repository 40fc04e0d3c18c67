using GreenServe.Analysis.Formatting;
using GreenServe.Search.Tails;
using GreenServe.Tests.Fixtures;
using GreenServe.Workloads.Experiments;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Tests.PaperArtifacts;

/// <summary>The experiments whose simulated points stand in the shipped artifacts.</summary>
public sealed class SimulatedExperimentTests
{
    private const string Extension = ".experiment.yaml";

    /// <summary>Experiments whose points may have fewer requests than a tail needs, each with the reason.</summary>
    private static readonly Dictionary<string, string> Exempt = [];

    /// <summary>Folders of experiments that keep the workload of a measurement, each with the reason.</summary>
    private static readonly Dictionary<string, string> ExemptFolders = new()
    {
        ["measured"] = "The simulator serves what was measured, so that both stand in one figure.",
        ["measured-cpu"] = "They are measured with every build of the artifacts, and sized for that.",
        ["measured-cpu-full"] = "They are measured on a processor, where a thousand requests a point take hours.",
        ["engine-figures"] = "They measure the speed of one stream and of one batch, and state no percentile.",
    };

    public static TheoryData<string> Files => [.. Names];

    private static string[] Names =>
        [.. Directory.GetFiles(Folder, "*" + Extension).Select(path => Path.GetFileName(path)[..^Extension.Length]).Order()];

    private static string Folder => Repository.PathOf("paper-artifacts", "experiments");

    [Theory]
    [MemberData(nameof(Files))]
    public void EveryPoint_ServesEnoughRequestsForItsTails(string name)
    {
        if (Exempt.ContainsKey(name))
        {
            return;
        }

        RequireTails(Path.Combine(Folder, name + Extension));
    }

    [Fact]
    public void EveryPoint_OfTheRegressionGate_ServesEnoughRequestsForItsTails() =>
        RequireTails(Repository.PathOf("analysis", "baselines", "regression" + Extension));

    [Fact]
    public void EveryFolder_OfShippedExperiments_IsHeldToTheRuleOrExempt() => Assert.Equal(
        ExemptFolders.Keys.Order(), Directory.GetDirectories(Folder).Select(path => Path.GetFileName(path)).Order());

    [Fact]
    public void EveryExemption_NamesAnExperiment() => Assert.Subset(Names.ToHashSet(), Exempt.Keys.ToHashSet());

    // Points of one workload and repetition have one schedule.
    private static void RequireTails(string file) => Assert.All(
        ExperimentFile.Read(file).Points().DistinctBy(point => (point.Workload, point.Repetition)),
        point => Assert.True(
            FewestBehind(point) >= TailText.MinRequests, $"{point.Id} has {FewestBehind(point)} requests after the warm-up."));

    /// <summary>Requests behind all latencies of a point, or behind the limit of its SLO that applies to the fewest.</summary>
    private static int FewestBehind(OperatingPoint point)
    {
        RequestSchedule schedule = point.Schedule();
        int all = schedule.AfterWarmUp()?.Count() ?? 0;
        return point.Workload.Slo is { } slo ? Math.Min(all, SloTails.RequestsBehind(schedule, slo) ?? 0) : all;
    }
}
