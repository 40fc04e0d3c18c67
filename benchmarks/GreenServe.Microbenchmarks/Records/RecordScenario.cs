using System.Text.Json.Nodes;
using GreenServe.Records;
using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Records.Tables;
using GreenServe.Records.Verdicts;

namespace GreenServe.Microbenchmarks.Records;

/// <summary>Rows of a made-up run, and a folder for its records.</summary>
internal sealed class RecordScenario
{
    /// <summary>Number of rows of each table. One byte more for each row is 0.2 MB more in all.</summary>
    internal const int Rows = 200_000;

    /// <summary>Number of engine steps of each stretch.</summary>
    internal const int StepsOfStretch = 50;

    private readonly string root = Directory.CreateTempSubdirectory("greenserve-records-").FullName;
    private int records;

    /// <summary>The requests of the run.</summary>
    internal IReadOnlyList<RequestRecord> Requests { get; } = [.. Enumerable.Range(0, Rows).Select(Request)];

    /// <summary>What is known of a run when it begins.</summary>
    internal static RunManifest Manifest { get; } = new()
    {
        WorkloadName = "made-up",
        Workload = new JsonObject(),
        WorkloadSha256 = "",
        Model = "none",
        Knobs = new Knobs(),
        Backend = null,
        Evidence = EvidenceKind.Simulated,
        Environment = RunEnvironment.Host(),
        Seed = 0,
        Verdict = RunVerdict.Interrupted,
    };

    /// <summary>One of the stretches of steps of the run.</summary>
    internal static EngineStretch Stretch(int index) => new(
        index * 0.7, StepsOfStretch, 0.0123456789 + (index * 1e-9), 0, 16, 10_000L + index)
    {
        ContextTokenSeconds = 1e-8,
        FirstJoules = 12.3456789012345 + (index * 1e-6),
        ContextTokenJoules = 1e-5,
        PrefillEnergyJoules = 0,
        ClockMegahertz = 1980,
    };

    /// <summary>The time of one of the tokens of the run.</summary>
    internal static TokenTime Token(int index) => new(index / 100, index % 100, index * 0.000123457);

    /// <summary>Starts a record in a folder of its own.</summary>
    internal RunRecordWriter Create(TableFormat tables) =>
        RunRecordWriter.Create(Path.Combine(root, $"{records++}"), Manifest, new RecordOptions { Tables = tables, IsReproducible = true });

    /// <summary>Deletes the folder with all records.</summary>
    internal void Delete() => Directory.Delete(root, recursive: true);

    private static RequestRecord Request(int id)
    {
        double scheduledSeconds = id * 0.2;
        return new RequestRecord(
            id, "MM", scheduledSeconds, scheduledSeconds, scheduledSeconds + 0.0712345678, scheduledSeconds + 2.3456789, 512, 512, 128, 128,
            RequestStatus.Completed)
        {
            TbtP99Seconds = 0.0234567,
            TbtMaxSeconds = 0.0345678,
            EnergyJoules = 598.7654321098 + (id * 1e-6),
            PrefillEnergyJoules = 98.7654321098,
            LastTokenSeconds = scheduledSeconds + 2.3456789,
        };
    }
}
