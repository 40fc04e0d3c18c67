using GreenServe.Records;
using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Records.Verdicts;
using GreenServe.Simulation.Physics;

namespace GreenServe.Tests.Simulation;

/// <summary>
/// Writes simulated runs as the reference engine records them. Steps take a random few per cent more or less, each row has the step without
/// the pause after it, there are no clocks, energies of steps or idle rows, and the GPU has the name that its driver reports.
/// </summary>
internal static class EngineLikeRecords
{
    private const double PauseSeconds = 0.15e-3;

    internal static RunRecord Write(
        string folder, SimulatedSystem system, ulong seed, int requests, int promptTokens, double gapSeconds, bool metered = true)
    {
        RunRecord simulated = SimulatedRecords.Write(folder + ".simulated", system, requests, promptTokens, gapSeconds);
        (EngineStep[] steps, Func<double, double> toNewTime) = Jitter(simulated.Steps, seed);
        RunManifest manifest = simulated.Manifest with
        {
            Evidence = EvidenceKind.Measured,
            System = simulated.Manifest.System! with { Gpu = "cuda" },
            Environment = simulated.Manifest.Environment with { Gpus = [$"{system.Gpu.Aliases[^1]} (GPU 0)"] },
        };
        using (RunRecordWriter writer = RunRecordWriter.Create(folder, manifest))
        {
            foreach (EngineStep step in steps)
            {
                writer.Add(step);
            }

            foreach (RequestRecord request in simulated.Requests)
            {
                writer.Add(request with
                {
                    IssuedSeconds = toNewTime(request.IssuedSeconds!.Value),
                    FirstTokenSeconds = toNewTime(request.FirstTokenSeconds!.Value),
                    CompletedSeconds = toNewTime(request.CompletedSeconds!.Value),
                });
            }

            foreach (PowerSample sample in metered ? simulated.Power : [])
            {
                writer.Add(sample with { Seconds = toNewTime(sample.Seconds) });
            }

            writer.Complete(written => written with
            {
                DurationSeconds = toNewTime(simulated.Manifest.DurationSeconds!.Value),
                Meters = metered ? [.. simulated.Manifest.Meters.Select(meter => meter with { IsEstimated = false })] : [],
                Verdict = RunVerdict.Valid,
            });
        }

        return RunRecord.Read(folder);
    }

    private static (EngineStep[] Steps, Func<double, double> ToNewTime) Jitter(IReadOnlyList<EngineStep> steps, ulong seed)
    {
        Random random = new((int)seed);
        List<EngineStep> logged = [];
        List<double> old = [0];
        List<double> now = [0];
        foreach (EngineStep step in steps)
        {
            // The error is triangular between -5 % and +5 %. One step in 200 has a pause that no model explains.
            double factor = step.IsIdle ? 1 : 1 + (0.05 * (random.NextDouble() - random.NextDouble())) + (random.Next(200) == 0 ? 2 : 0);
            double seconds = step.DurationSeconds * factor;
            if (!step.IsIdle)
            {
                logged.Add(new EngineStep(now[^1], seconds - PauseSeconds, step.PrefillTokens, step.DecodeSequences, step.ContextTokens));
            }

            old.Add(step.StartSeconds + step.DurationSeconds);
            now.Add(now[^1] + seconds);
        }

        return ([.. logged], seconds =>
        {
            int index = old.BinarySearch(seconds);
            index = Math.Clamp(index >= 0 ? index : ~index, 1, old.Count - 1);
            double share = Math.Clamp((seconds - old[index - 1]) / (old[index] - old[index - 1]), 0, 1);
            return now[index - 1] + (share * (now[index] - now[index - 1]));
        }
        );
    }
}
