using GreenServe.Engine.CommandLine;

namespace GreenServe.Engine.Runners.Checks;

/// <summary>What to time for a model on a device, and the bounds where there are any.</summary>
internal sealed record SpeedFigures
{
    // The bounds on decode steps are those of an NVIDIA H200, whose memory copied at this rate (read plus write, B/s). A decode step is
    // bound by memory, so on another device they are scaled by the rate measured there.
    private const double BoundCopyBytesPerSecond = 4.3e12;

    /// <summary>Batches whose decode step is timed, with the most milliseconds it may take (on CUDA: on an H200); <c>null</c> for no bound.</summary>
    internal required IReadOnlyList<(int Batch, double? MostMilliseconds)> Decode { get; init; }

    /// <summary>Prompts that are timed (tokens).</summary>
    internal required IReadOnlyList<int> Prefill { get; init; }

    /// <summary>Context of the decode steps (tokens).</summary>
    internal required int Context { get; init; }

    /// <summary>Steps timed for each batch.</summary>
    internal required int Steps { get; init; }

    /// <summary>Prompts of the serving check (tokens).</summary>
    internal required int PromptTokens { get; init; }

    /// <summary>Clients of the serving check.</summary>
    internal required int ServingBatch { get; init; }

    /// <summary>Whether long prompts must reach half of the rate of a plain product on the same device.</summary>
    internal bool BoundsPrefill { get; init; }

    /// <summary>Least ratio of tokens/s at batch 8 to batch 1; <c>null</c> for no bound.</summary>
    internal double? BatchGain { get; init; }

    /// <summary>The figures of a model on a device.</summary>
    internal static SpeedFigures For(EngineSettings settings)
    {
        if (settings.Device != DeviceKind.Cuda)
        {
            return new SpeedFigures
            {
                Decode = [(1, settings.Model == "llama-15m" ? 10 : null), (2, null), (4, null), (8, null), (16, null)],
                Prefill = [128, 256],
                Context = 128,
                Steps = 60,
                PromptTokens = 64,
                ServingBatch = 8,
                BatchGain = settings.Model == "llama-110m" ? 2.5 : null,
            };
        }

        bool bounded = settings.Model == "llama-2-7b" && settings.TensorParallelism == 1;
        return new SpeedFigures
        {
            Decode = bounded ? [(1, 6.4), (4, null), (16, 7.4), (64, 11)] : [(1, null), (16, null), (64, null)],
            Prefill = [512, 2048],
            Context = 512,
            Steps = 100,
            PromptTokens = 480,
            ServingBatch = 64,
            BoundsPrefill = bounded,
        };
    }

    /// <summary>Times everything.</summary>
    /// <param name="speed">Times single steps.</param>
    /// <param name="report">Receives the results.</param>
    /// <param name="runner">What is timed.</param>
    /// <param name="ceilings">What the device can do at most; <c>null</c> where not measured.</param>
    internal void Check(SpeedChecks speed, CheckReport report, RunnerDescription runner, DeviceCeilings? ceilings)
    {
        CheckDecode(speed, report, runner, ceilings);
        foreach (int tokens in Prefill.Where(tokens => tokens < runner.ContextTokens))
        {
            double milliseconds = speed.PrefillMilliseconds(tokens, repetitions: 10);
            double rate = speed.PrefillOperations(tokens) / milliseconds / 1e9;
            string share = ceilings is null ? "" : FormattableString.Invariant(
                $"{rate * 1e12 / ceilings.ProductOperationsPerSecond:P0} of a plain product");
            report.Measure($"prompt of {tokens} tokens", milliseconds, "ms");
            if (BoundsPrefill && tokens == 2048 && ceilings is not null)
            {
                report.AtLeast($"prompt of {tokens} tokens: rate", rate, ceilings.ProductOperationsPerSecond / 2e12, "TFLOP/s", share);
            }
            else
            {
                report.Measure($"prompt of {tokens} tokens: rate", rate, "TFLOP/s", share);
            }
        }
    }

    private void CheckDecode(SpeedChecks speed, CheckReport report, RunnerDescription runner, DeviceCeilings? ceilings)
    {
        Dictionary<int, double> times = [];
        foreach ((int batch, double? most) in Decode.Where(item => item.Batch <= runner.Slots))
        {
            double time = times[batch] = speed.DecodeMilliseconds(batch, Context, Steps);
            double bytes = speed.DecodeBytes(batch, Context, runner);
            string name = $"decode step, context {Context}, batch {batch}";
            string detail = FormattableString.Invariant($"median of {Steps}; {batch / time * 1e3:0} tokens/s; {bytes / time / 1e9:0.00} TB/s");
            if (ceilings is not null)
            {
                detail += FormattableString.Invariant($", {bytes / time * 1e3 / ceilings.CopyBytesPerSecond:P0} of a plain copy");
            }

            if (most is { } bound)
            {
                double scale = ceilings is null ? 1 : BoundCopyBytesPerSecond / ceilings.CopyBytesPerSecond;
                report.AtMost(name, time, bound * scale, "ms", detail);
            }
            else
            {
                report.Measure(name, time, "ms", detail);
            }
        }

        if (times.TryGetValue(1, out double alone) && times.TryGetValue(8, out double eight))
        {
            double gain = 8 * alone / eight;
            report.AtLeast("tokens/s at batch 8 over batch 1", gain, BatchGain ?? 0, "");
        }
    }
}
