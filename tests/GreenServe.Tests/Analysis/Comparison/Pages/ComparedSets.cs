using System.Text.Json.Nodes;
using GreenServe.Analysis.Comparison;
using GreenServe.Analysis.Comparison.Pages;
using GreenServe.Analysis.Grids;
using GreenServe.Records.Systems;
using GreenServe.Records.Verdicts;
using GreenServe.Tests.Analysis.Artifacts;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Analysis.Comparison.Pages;

/// <summary>Sets of records with known differences, for pages of comparisons.</summary>
internal static class ComparedSets
{
    /// <summary>Runs over clocks of 1000, 1400 and more MHz, two repetitions each.</summary>
    /// <param name="energyFactor">Factor on the power of every run.</param>
    /// <param name="clocks">The clocks (MHz).</param>
    internal static SyntheticRun[] Grid(double energyFactor, params double[] clocks) =>
    [
        .. from clock in clocks
           from repetition in Enumerable.Range(0, 2)
           select new SyntheticRun
           {
               Artifact = "gpu-clock",
               Coordinates = new Dictionary<string, JsonNode?> { ["gpu_clock_megahertz"] = clock, ["batch"] = 1 },
               Knobs = new Knobs { TensorParallelism = 1, Precision = Precision.Bf16, GpuClockMegahertz = clock },
               Seed = (ulong)repetition + 1,
               Repetition = repetition,
               PrefillWatts = 600 * energyFactor * (1 + (repetition * 0.001)),
               DecodeWatts = clock / 5 * energyFactor * (1 + (repetition * 0.001)),
           },
    ];

    /// <summary>Reads sets that were written to folders, each compared with the first.</summary>
    internal static ComparedSet[] Of(TemporaryFolder folder, params (string Name, SyntheticRun[] Runs)[] sets)
    {
        IReadOnlyList<ExperimentRun>? first = null;
        List<ComparedSet> read = [];
        foreach ((int index, (string name, SyntheticRun[] runs)) in sets.Index())
        {
            string path = folder.PathOf($"set{index}");
            ArtifactWriterTests.WriteRecords(path, runs);
            IReadOnlyList<ExperimentRun> set = ExperimentRun.ReadAll([path]);
            read.Add(new ComparedSet(name, set, first is null ? null : RunComparison.Of(first, set)));
            first ??= set;
        }

        return [.. read];
    }

    /// <summary>Three sets: the second takes 20 % more energy; the third lacks a point, has one of its own, and an INVALID run.</summary>
    internal static ComparedSet[] Three(TemporaryFolder folder, string first = "before")
    {
        SyntheticRun[] third = Grid(1, 1000, 1400, 1980);
        third[0] = third[0] with { Verdict = new RunVerdict([new VerdictReason(VerdictCode.MeterFailed, "the meter <b>fell</b> silent")]) };
        return Of(folder, (first, Grid(1, 1000, 1400, 1700)), ("hotter", Grid(1.2, 1000, 1400, 1700)), ("other", third));
    }
}
