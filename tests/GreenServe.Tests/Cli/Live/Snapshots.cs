using GreenServe.Cli.Live;
using GreenServe.Records;
using GreenServe.Records.Measurements;
using GreenServe.Records.Verdicts;
using GreenServe.Running.Live;

namespace GreenServe.Tests.Cli.Live;

/// <summary>Snapshots for the tests of views.</summary>
internal static class Snapshots
{
    /// <summary>A load in full course, with a meter of each kind.</summary>
    internal static LiveSnapshot Measuring => new()
    {
        Title = "chat-closed-loop",
        Phase = LivePhase.Measuring,
        Evidence = EvidenceKind.Measured,
        ElapsedSeconds = 83,
        RemainingSeconds = 124,
        Point = "one",
        PointsPlanned = 1,
        Load = new LiveLoad
        {
            ElapsedSeconds = 62,
            RemainingSeconds = 124,
            Planned = 2000,
            Sent = 512,
            InFlight = 64,
            Completed = 440,
            Failed = 8,
            TtftP50Seconds = 0.05214,
            TtftP99Seconds = 1.2345,
            TbtP50Seconds = 0.0101,
            TbtP99Seconds = 0.0122,
            OutputTokensPerSecond = 8123.4,
            RequestsPerSecond = 12.44,
            PowerWatts = 412,
            JoulesPerOutputToken = 0.041234,
            ScheduleLagP99Seconds = 0.00041,
        },
        Meters = [new LiveMeter("gpu0.energy", MeterScope.Gpu, 412.34), new LiveMeter("rapl.package-0", MeterScope.CpuPackage, 85.17)],
    };

    /// <summary>A load of a sweep that shows reasons against it.</summary>
    internal static LiveSnapshot OfASweep => Measuring with
    {
        Title = "batch-size.experiment.yaml",
        Point = "batch-8_r0",
        PointsPlanned = 12,
        Ended = [new LivePointResult("batch-1_r0", "VALID", true), new LivePointResult("batch-4_r0", "INVALID (failures: 9 of 20)", false)],
        Reasons = [new VerdictReason(VerdictCode.Failures, "8 of 448 requests failed, limit 1 %: 8 server_error (first: 500: no)")],
    };

    /// <summary>The power that rises by 10 W a second, for each meter.</summary>
    internal static LiveHistory Rising(LiveSnapshot snapshot, int seconds)
    {
        LiveHistory history = new();
        for (int second = 0; second < seconds; second++)
        {
            history.Take(snapshot with
            {
                ElapsedSeconds = second,
                Meters = [.. snapshot.Meters.Select(meter => meter with { Watts = 100 + (10 * second) })],
            });
        }

        return history;
    }
}
