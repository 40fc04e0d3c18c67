using GreenServe.Records;
using GreenServe.Records.Measurements;
using GreenServe.Records.Verdicts;
using GreenServe.Running.Live;
using Microsoft.Extensions.Time.Testing;

namespace GreenServe.Tests.Watching;

/// <summary>Snapshots of commands that never ran, with numbers that are easy to follow.</summary>
internal static class LiveScenes
{
    /// <summary>A run that is <paramref name="seconds"/> old, after a load that began at 10 s and sends 4 requests a second.</summary>
    internal static LiveSnapshot Run(double seconds)
    {
        double loaded = seconds - 10;
        return new LiveSnapshot
        {
            Title = "chat, llama-3.1-8b at http://127.0.0.1:8000",
            Evidence = EvidenceKind.Measured,
            Phase = loaded < 0 ? LivePhase.MeasuringBaseline : loaded < 10 ? LivePhase.WarmingUp : LivePhase.Measuring,
            Activity = loaded < 0 ? "Power and temperature must hold still for 20 s" : null,
            ElapsedSeconds = seconds,
            RemainingSeconds = 150 - seconds,
            Point = "chat-4-per-second",
            PointsPlanned = 1,
            Load = loaded < 0 ? null : Load(loaded),
            Meters =
            [
                new LiveMeter("gpu0.energy", MeterScope.Gpu, loaded < 0 ? 118 : 420 + (60 * Math.Sin(seconds / 3))),
                new LiveMeter("gpu0.memory", MeterScope.GpuMemory, null),
                new LiveMeter("package-0", MeterScope.CpuPackage, 95 + (5 * Math.Cos(seconds / 2))),
            ],
            Reasons = seconds < 60
                ? []
                : [new VerdictReason(VerdictCode.ClientLag, "the client sent requests 3.2 ms late (p99), allowed 1 ms")],
        };
    }

    /// <summary>A load of the given age (s).</summary>
    internal static LiveLoad Load(double loaded) => new()
    {
        ElapsedSeconds = loaded,
        Planned = 480,
        Sent = (long)(4 * loaded),
        InFlight = (int)Math.Min(4 * loaded, 14),
        Completed = (long)Math.Max(0, (4 * loaded) - 16),
        Failed = loaded > 40 ? 2 : 0,
        TtftP50Seconds = loaded < 1 ? null : 0.21 + (0.02 * Math.Sin(loaded)),
        TtftP99Seconds = loaded < 1 ? null : 0.42 + (0.05 * Math.Sin(loaded / 2)),
        TbtP50Seconds = loaded < 1 ? null : 0.021,
        TbtP99Seconds = loaded < 1 ? null : 0.048,
        OutputTokensPerSecond = loaded < 1 ? 0 : 812 + (40 * Math.Sin(loaded / 4)),
        RequestsPerSecond = loaded < 4 ? 0 : 3.9,
        JoulesPerOutputToken = loaded < 2 ? null : 0.52 + (6 / (loaded * loaded)),
        ScheduleLagP99Seconds = 0.0004,
    };

    /// <summary>
    /// A sweep over batch (4 values), clock (5) and load (2), of which the given number of points has ended. Every seventh point is
    /// INVALID.
    /// </summary>
    internal static LiveSnapshot Sweep(double seconds, int ended)
    {
        (int Batch, int Clock, string Load)[] all =
        [
            .. from load in new[] { "low", "high" }
               from clock in new[] { 990, 1200, 1410, 1620, 1980 }
               from batch in new[] { 1, 8, 32, 128 }
               select (batch, clock, load),
        ];
        return new LiveSnapshot
        {
            Title = "clock-batch.experiment.yaml",
            Evidence = EvidenceKind.Simulated,
            Phase = ended < all.Length ? LivePhase.Simulating : LivePhase.Ended,
            ElapsedSeconds = seconds,
            RemainingSeconds = ended < all.Length ? 40 - seconds : null,
            PointsPlanned = all.Length,
            Ended = [.. all.Take(ended).Select((point, index) => Result(point.Batch, point.Clock, point.Load, index))],
        };
    }

    /// <summary>
    /// A search that may use 40 simulations, of which the given number has ended, on a command that is as many seconds old. The objective
    /// falls and the latency rises from one to the next: after 20 of them the limit is missed.
    /// </summary>
    internal static LiveRun Search(FakeTimeProvider clock, int ended, string words = "TP 4")
    {
        LiveRun run = new(clock);
        run.Update(seen => seen with { Title = "chat on H100-SXM" });
        run.BeginSearch("energy of an output token", "J/token", maxSimulations: 40);
        LiveTrial? best = null;
        for (int number = 1; number <= ended; number++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            LiveTrial trial = new($"{words}, {number} MHz", 3.0 - (0.05 * number), number / 20.0, IsFeasible: number <= 20)
            {
                JoulesPerOutputToken = 3.0 - (0.05 * number),
                Requests = 250,
            };
            best = best is null || trial.IsFeasible ? trial : best;
            run.Show(trial, best);
        }

        return run;
    }

    private static LivePointResult Result(int batch, int clock, string load, int index) => new(
        $"batch-{batch}-clock-{clock}-{load}",
        index % 7 == 6 ? "INVALID (the window of 2.1 s is too short: ±6 J on 90 J)" : "VALID",
        IsValid: index % 7 != 6)
    {
        JoulesPerOutputToken = (3.2 / Math.Sqrt(batch)) + Math.Pow((clock - 1410) / 900.0, 2) + (load == "high" ? 0.2 : 0),
        OutputTokensPerSecond = 30.0 * Math.Sqrt(batch) * clock / 1980,
        Axes = new Dictionary<string, string> { ["batch"] = $"{batch}", ["clock_megahertz"] = $"{clock}", ["load"] = load },
    };
}
