using GreenServe.Analysis.Grids;
using GreenServe.Tests.Analysis.Artifacts;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Analysis.Comparison.History;

/// <summary>Makes runs for histories, whose power is a known factor of that of a synthetic run.</summary>
internal static class HistoryRuns
{
    /// <summary>Writes one run for each factor into a folder of its own, and reads them back.</summary>
    internal static IReadOnlyList<ExperimentRun> Write(TemporaryFolder folder, string name, params double[] factors)
    {
        IEnumerable<SyntheticRun> runs = factors.Select((factor, index) => new SyntheticRun
        {
            PrefillWatts = 600 * factor,
            DecodeWatts = 300 * factor,
            Seed = (ulong)index + 1,
        });
        ArtifactWriterTests.WriteRecords(folder.PathOf(name), runs);
        return ExperimentRun.ReadAll([folder.PathOf(name)]);
    }
}
