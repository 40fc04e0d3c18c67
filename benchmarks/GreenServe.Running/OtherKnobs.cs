using System.Globalization;
using GreenServe.Records.Documents;
using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Physics;

namespace GreenServe.Running;

/// <summary>The knobs of a simulated cluster that are not throughout as its record states them.</summary>
/// <remarks>
/// A record states the knobs of the first server before the run. Servers may differ from the beginning, and a policy or an operator may
/// change them.
/// </remarks>
internal static class OtherKnobs
{
    private static readonly (string Name, string Unit, Func<SimulatedSystem, double> Value)[] Numbers =
    [
        ("tensor_parallelism", "", system => system.TensorParallelism),
        ("pipeline_parallelism", "", system => system.PipelineParallelism),
        ("gpu_clock_megahertz", " MHz", system => system.Knobs.GpuClockMegahertz ?? system.Gpu.Clock.HighestMegahertz),
        ("power_cap_watts", " W", system => system.Knobs.PowerCapWatts ?? system.Gpu.PowerCap.HighestWatts),
        ("max_batch", " sequences", system => system.MaxSequences),
        ("step_tokens", " tokens", system => system.StepTokens),
    ];

    /// <summary>Each knob that had other values, with the lowest and the highest that instances worked with.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="summary">The result of the run.</param>
    internal static IReadOnlyDictionary<string, string> Of(ClusterDefinition cluster, ClusterSummary summary)
    {
        SortedDictionary<string, string> others = new(StringComparer.Ordinal);
        SimulatedSystem stated = cluster.Replicas[0].System;
        foreach ((string name, string unit, Func<SimulatedSystem, double> value) in Numbers)
        {
            double[] used = [.. summary.Worked.Select(value).Distinct()];
            if (used.Any(one => one != value(stated)))
            {
                others[name] = InWords(used.Min(), used.Max(), unit);
            }
        }

        if (summary.Worked.Any(system => system.Precision != stated.Precision))
        {
            others["precision"] = string.Join(
                " and ", summary.Worked.Select(system => system.Precision).Distinct().Order().Select(EnumText.Of));
        }

        return others;
    }

    /// <summary>A sentence for the notes of the record.</summary>
    /// <param name="others">The knobs; at least one.</param>
    internal static string Note(IReadOnlyDictionary<string, string> others) =>
        "the knobs of this record are those of the first server before the run; instances worked with "
        + string.Join(", ", others.Select(knob => $"{knob.Key} {knob.Value}"));

    private static string InWords(double lowest, double highest, string unit) => lowest == highest
        ? string.Create(CultureInfo.InvariantCulture, $"{lowest}{unit}")
        : string.Create(CultureInfo.InvariantCulture, $"{lowest} to {highest}{unit}");
}
