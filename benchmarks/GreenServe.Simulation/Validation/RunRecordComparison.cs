using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Runs;

namespace GreenServe.Simulation.Validation;

/// <summary>Compares the simulator with measured runs: the same requests at the same times on the system that the record names.</summary>
public static class RunRecordComparison
{
    /// <summary>The source of the points that are made from run records.</summary>
    public const string Source = "run records";

    /// <summary>
    /// A measured run with its simulation. It is skipped, with the reason, where the record lacks something that the simulation needs.
    /// </summary>
    /// <param name="record">The record of the run.</param>
    /// <param name="stated">What the user states of the system in place of the record; <c>null</c> for nothing.</param>
    /// <param name="isFitted">
    /// Whether constants were fitted to this run. They were also where the engine profile says so.
    /// </param>
    /// <exception cref="InvalidInputException">There is no accelerator, profile or model of a name that was given.</exception>
    public static PointResult Of(RunRecord record, StatedSystem? stated = null, bool isFitted = false)
    {
        stated ??= new StatedSystem();
        RecordReplay? replay = RecordReplay.TryCreate(record);
        MeasuredPoint point =
            (replay?.Measured ?? RecordReplay.Describe(record)) with { Split = isFitted ? "calibration" : "validation" };
        if (SkipReason(record, replay, stated) is { } reason)
        {
            return new PointResult(point, null, null, reason);
        }

        SimulatedSystem system = RecordedSystem.Of(record, stated);
        if (SimulatedRun.Check(replay!.Schedule, system) is [Problem problem, ..])
        {
            return new PointResult(point, system.Engine.Name, null, problem.ToString());
        }

        MeasuredServing serving = replay.Serve(system);
        bool wasFitted = isFitted || system.Engine.FittedRuns?.Contains(FittedRuns.DigestOf(record)) == true;
        MeasuredPoint labelled = point with { Split = wasFitted ? "calibration" : "validation" };
        return new PointResult(labelled, system.Engine.Name, serving.Predict(replay.WarmUpSeconds), null)
        {
            System = system,
            HostScaling = system.HostScaling?.Sentence,
            Setting = SimulatedSetting.Of(system, record.Manifest.Concurrency ?? serving.MeanRequests),
        };
    }

    private static string? SkipReason(RunRecord record, RecordReplay? replay, StatedSystem stated) =>
        record.Manifest.Evidence == EvidenceKind.Simulated ? "a simulated run is no measurement"
        : replay is null ? "no request was completed"
        : RecordedSystem.Check(record, stated) is [Problem problem, ..] ? $"{problem.Found}"
        : null;
}
