using GreenServe.Engine.CommandLine;

namespace GreenServe.Engine.Runners.Checks;

/// <summary>The operations that are timed for a model on a device, and the bounds of the times.</summary>
/// <remarks>The bounds are requirements on the engine. <c>docs/engine.md</c> lists them beside measured values.</remarks>
internal sealed record SpeedFigures
{
    // The bounds on decode steps are those of an NVIDIA H200, whose memory copied at this rate (bytes read plus bytes written, a second).
    // A decode step is bound by memory, so on another device the bounds are scaled by the rate measured there.
    private const double BoundCopyBytesPerSecond = 4.3e12;

    // The prompt that must reach half the rate of a plain matrix product. A shorter one is bound by memory and launches.
    private const int BoundPromptTokens = 2048;
    private const double MinShareOfProduct = 0.5;
    private const int PrefillRepetitions = 10;

    /// <summary>
    /// The batches whose decode step is timed, each with the largest time in milliseconds that passes; <c>null</c> for no bound. Bounds on
    /// CUDA are those of an H200.
    /// </summary>
    internal required IReadOnlyList<(int Batch, double? MaxMilliseconds)> Decode { get; init; }

    /// <summary>The lengths of the prompts that are timed, in tokens.</summary>
    internal required IReadOnlyList<int> Prefill { get; init; }

    /// <summary>The mean number of tokens of a sequence in the decode steps.</summary>
    internal required int Context { get; init; }

    /// <summary>The number of steps that are timed for each batch.</summary>
    internal required int Steps { get; init; }

    /// <summary>The length of the prompts in the serving check, in tokens.</summary>
    internal required int PromptTokens { get; init; }

    /// <summary>The number of clients in the serving check.</summary>
    internal required int ServingBatch { get; init; }

    /// <summary>Whether prompts of 2048 tokens must reach half the rate of a plain matrix product on the same device.</summary>
    internal bool BoundsPrefill { get; init; }

    /// <summary>The smallest ratio of the tokens/s at batch 8 to those at batch 1 that passes; <c>null</c> for no bound.</summary>
    internal double? BatchGain { get; init; }

    /// <summary>Returns the figures of a model on a device.</summary>
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

    /// <summary>Times decode steps and prompts, and compares them with their bounds.</summary>
    /// <param name="speed">Times single steps.</param>
    /// <param name="report">Receives the results.</param>
    /// <param name="runner">The description of the runner that is timed.</param>
    /// <param name="ceilings">The highest rates of the device; <c>null</c> if they were not measured.</param>
    internal void Check(SpeedChecks speed, CheckReport report, RunnerDescription runner, DeviceCeilings? ceilings)
    {
        CheckDecode(speed, report, runner, ceilings);
        foreach (int tokens in Prefill.Where(tokens => tokens < runner.ContextTokens))
        {
            double milliseconds = speed.PrefillMilliseconds(tokens, PrefillRepetitions);
            double rate = speed.PrefillOperations(tokens) / milliseconds / 1e9;
            string share = ceilings is null ? "" : FormattableString.Invariant(
                $"{rate * 1e12 / ceilings.ProductOperationsPerSecond:P0} of a plain product");
            report.Measure($"prompt of {tokens} tokens", milliseconds, "ms");
            if (BoundsPrefill && tokens == BoundPromptTokens && ceilings is not null)
            {
                double min = MinShareOfProduct * ceilings.ProductOperationsPerSecond / 1e12;
                report.AtLeast($"prompt of {tokens} tokens: rate", rate, min, "TFLOP/s", share);
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
        foreach ((int batch, double? max) in Decode.Where(item => item.Batch <= runner.Slots))
        {
            double time = times[batch] = speed.DecodeMilliseconds(batch, Context, Steps);
            double bytes = speed.DecodeBytes(batch, Context, runner);
            string name = $"decode step, context {Context}, batch {batch}";
            string detail = FormattableString.Invariant(
                $"median of {Steps}; {batch / time * 1e3:0} tokens/s; {bytes / time / 1e9:0.00} TB/s");
            if (ceilings is not null)
            {
                detail += FormattableString.Invariant($", {bytes / time * 1e3 / ceilings.CopyBytesPerSecond:P0} of a plain copy");
            }

            if (max is { } bound)
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
            const string Name = "tokens/s at batch 8 over batch 1";
            double gain = 8 * alone / eight;
            if (BatchGain is { } min)
            {
                report.AtLeast(Name, gain, min, "");
            }
            else
            {
                report.Measure(Name, gain, "");
            }
        }
    }
}
