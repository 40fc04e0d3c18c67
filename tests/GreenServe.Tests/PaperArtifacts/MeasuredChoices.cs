using System.IO.Compression;
using GreenServe.Analysis.Advising;
using GreenServe.Analysis.Metrics;
using GreenServe.Records.Runs;
using GreenServe.Records.Slos;
using GreenServe.Records.Systems;
using GreenServe.Running;
using GreenServe.Search.Advising.Findings;
using GreenServe.Search.Advising.Spaces;
using GreenServe.Simulation.Physics;
using GreenServe.Tests.Fixtures;
using GreenServe.Workloads.Experiments;
using GreenServe.Workloads.Models;

namespace GreenServe.Tests.PaperArtifacts;

/// <summary>
/// The operating points of one measured experiment, each with its measured runs and with those of the twin, to choose among.
/// </summary>
internal sealed class MeasuredChoices
{
    private readonly Choice[] choices;

    private MeasuredChoices(Choice[] choices) => this.choices = choices;

    /// <summary>Number of points to choose among.</summary>
    internal int Count => choices.Length;

    /// <summary>Reads an experiment from an archive, and simulates its points by the twin.</summary>
    /// <param name="campaign">The campaign: <c>h200</c> or <c>h100</c>.</param>
    /// <param name="experiment">Name of the experiment.</param>
    /// <param name="unpacked">A folder for the records.</param>
    internal static MeasuredChoices Read(string campaign, string experiment, TemporaryFolder unpacked)
    {
        Experiment asked = ExperimentFile.Read(
            Repository.PathOf("paper-artifacts", "experiments", "measured", $"{experiment}.experiment.yaml"));
        Dictionary<string, RunRecord> records = Unpack(campaign, experiment, unpacked);
        VirtualRuns runs = new();
        return new MeasuredChoices(
        [
            .. asked.Points().Where(point => records.ContainsKey(point.Id))
                .GroupBy(point => NameOf(point.Id))
                .Select(group => new Choice(
                    group.Key,
                    SettingOf(group.First(), campaign),
                    [.. group.Select(point => RunMetrics.Of(records[point.Id]))],
                    [.. group.Select(point => OnCampaign(point, campaign))
                        .Select(point => RunMetrics.Of(runs.Run(point, runs.SystemOf(point))))])),
        ]);
    }

    /// <summary>
    /// Limits on a latency at its 90th percentile that each separate two neighbouring points, at their geometric mean as measured.
    /// </summary>
    internal IEnumerable<SloLimit> LimitsBetweenPoints(SloMetric metric)
    {
        double[] seconds = [.. choices.Select(choice => choice.Measured.Average(run => SecondsOf(run, metric))).Order()];
        return seconds.Zip(seconds.Skip(1), (low, high) => new SloLimit
        {
            Metric = metric,
            Percentile = 90,
            LimitSeconds = Math.Sqrt(low * high),
        });
    }

    /// <summary>Chooses by the twin alone within a limit, and holds the choice against what was measured.</summary>
    /// <param name="limit">The limit; <c>null</c> for none.</param>
    internal MeasuredChoice Choose(SloLimit? limit)
    {
        AdviceEvidence evidence = new()
        {
            Space = new SettingSpace(choices[0].Setting, [new SettingAxis("point", [new SettingValue("point", setting => setting)])]),
            Objective = AdviceObjective.Joules,
            Runs = new Dictionary<long, IReadOnlyList<RunMetrics>>(),
            Finalists = [],
            SystemOf = SystemOf,
        };
        Candidate[] simulated = [.. choices.Select(choice => Under(choice.Setting, choice.Simulated, limit, evidence))];
        Candidate[] measured = [.. choices.Select(choice => Under(choice.Setting, choice.Measured, limit, evidence))];
        Candidate least = measured.Where(candidate => candidate.Advised.MeetsSlo != false).MinBy(candidate => candidate.ObjectiveValue)!;
        int? pick = FinalistRanking.Of(simulated, evidence) is { } ranking ? Array.IndexOf(simulated, ranking.Recommended) : null;
        return new MeasuredChoice
        {
            Pick = pick is { } place ? choices[place].Name : null,
            MeetsSlo = pick is { } own && measured[own].Advised.MeetsSlo != false,
            ExcessRatio = pick is { } chosen ? (measured[chosen].ObjectiveValue / least.ObjectiveValue) - 1 : null,
            MayMissByItsBand = pick is { } warned && simulated[warned].Advised.Limits.Any(one => one.HighRatio > 1),
        };
    }

    private static Candidate Under(ServingSetting setting, RunMetrics[] runs, SloLimit? limit, AdviceEvidence evidence) =>
        Candidate.Of(new SettingRuns(setting, [.. runs.Select(run => limit is null ? run : Under(run, limit))]), evidence);

    private static RunMetrics Under(RunMetrics run, SloLimit limit) => run with
    {
        Slo = new SloOutcome
        {
            Profile = "one limit",
            Limits = [new SloLimitResult(limit, run.Counts.Completed, SecondsOf(run, limit.Metric) / limit.LimitSeconds, null)],
            DecidedRequests = 1,
            WithinRequests = 1,
            UndecidedRequests = 0,
            Goodput = Reading.Of(1),
        },
    };

    private static double SecondsOf(RunMetrics run, SloMetric metric) => metric switch
    {
        SloMetric.Ttft => run.Latencies.Ttft!.P90Seconds,
        SloMetric.Tbt => run.Latencies.Tbt!.P90Seconds,
        _ => run.Latencies.E2e!.P90Seconds,
    };

    private static Dictionary<string, RunRecord> Unpack(string campaign, string experiment, TemporaryFolder unpacked)
    {
        string prefix = campaign == "h100" ? $"{experiment}/" : "";
        string archive = Repository.PathOf("paper-artifacts", "measured", campaign, campaign == "h100" ? "runs.zip" : $"{experiment}.zip");
        using (ZipArchive zip = ZipFile.OpenRead(archive))
        {
            foreach (ZipArchiveEntry entry in zip.Entries.Where(entry => entry.Name.Length > 0
                && entry.FullName.StartsWith(prefix, StringComparison.Ordinal)))
            {
                string path = unpacked.PathOf(campaign, experiment, entry.FullName[prefix.Length..]);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                entry.ExtractToFile(path);
            }
        }

        return RunRecord.ReadAll([unpacked.PathOf(campaign, experiment)]).ToDictionary(record => Path.GetFileName(record.Folder));
    }

    private static string NameOf(string run) => run.LastIndexOf("_r", StringComparison.Ordinal) is > 0 and int end ? run[..end] : run;

    private static OperatingPoint OnCampaign(OperatingPoint point, string campaign) =>
        campaign == "h100" ? point with { System = point.System with { Gpu = "H100-80GB-SXM" } } : point;

    private static ServingSetting SettingOf(OperatingPoint point, string campaign) => new()
    {
        Gpu = OnCampaign(point, campaign).System.Gpu,
        Engine = point.System.Engine,
        Model = point.Workload.Model,
        Knobs = point.Knobs,
    };

    private static SimulatedSystem SystemOf(ServingSetting setting) => SimulatedSystem.For(
        new ServingSystem { Gpu = setting.Gpu, Engine = setting.Engine, GpuCount = 2 }, ModelCatalog.Read(setting.Model), setting.Knobs);

    private sealed record Choice(string Name, ServingSetting Setting, RunMetrics[] Measured, RunMetrics[] Simulated);
}

/// <summary>What the twin chose within a limit, and what was measured there.</summary>
internal sealed record MeasuredChoice
{
    /// <summary>The chosen point; <c>null</c> where the twin finds none within the limit.</summary>
    internal string? Pick { get; init; }

    /// <summary>Whether the chosen point met the limit when it was measured.</summary>
    internal bool MeetsSlo { get; init; }

    /// <summary>Measured energy of an output token at the chosen point over the least within the limit, minus 1.</summary>
    internal double? ExcessRatio { get; init; }

    /// <summary>Whether the advice says that the chosen point may miss the limit within the twin's error band.</summary>
    internal bool MayMissByItsBand { get; init; }
}
