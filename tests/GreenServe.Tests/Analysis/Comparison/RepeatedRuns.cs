using GreenServe.Analysis.Comparison;
using GreenServe.Analysis.Grids;
using GreenServe.Tests.Analysis.Artifacts;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Analysis.Comparison;

/// <summary>Makes repeated runs with a known difference, and compares them.</summary>
internal static class RepeatedRuns
{
    /// <summary>Five repetitions of one point, each with a seed of its own, whose energy spreads by a percent between them.</summary>
    /// <param name="energyFactor">Factor on the power of every run.</param>
    internal static SyntheticRun[] With(double energyFactor) =>
        [.. new[] { 1.00, 1.01, 0.99, 1.005, 0.995 }.Select((spread, index) => new SyntheticRun
        {
            Batch = 2,
            Seed = (ulong)index + 1,
            Repetition = index,
            PrefillWatts = 600 * spread * energyFactor,
            DecodeWatts = 300 * spread * energyFactor,
        })];

    internal static ComparisonReport Compare(SyntheticRun[] baseline, SyntheticRun[] candidate)
    {
        using TemporaryFolder folder = new();
        ArtifactWriterTests.WriteRecords(folder.PathOf("a"), baseline);
        ArtifactWriterTests.WriteRecords(folder.PathOf("b"), candidate);
        return RunComparison.Of(ExperimentRun.ReadAll([folder.PathOf("a")]), ExperimentRun.ReadAll([folder.PathOf("b")]));
    }
}
