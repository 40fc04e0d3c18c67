using System.CommandLine;
using GreenServe.Engine.CommandLine;
using GreenServe.Engine.Runners.Hosting;
using GreenServe.Engine.Runners.Torch;
using GreenServe.Records;

namespace GreenServe.Engine.Runners.Checks;

/// <summary><c>greenserve-engine check</c>: is the engine right and fast on this machine? Exit code 1 if not.</summary>
internal static class CheckCommand
{
    private static readonly Option<CheckPart[]> PartsOption = new("--parts")
    {
        Description = "What to check: correctness, speed, serving; several with spaces between.",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => Enum.GetValues<CheckPart>(),
    };

    private static readonly Option<string?> OutOption = new("--out")
    {
        Description = "File that receives the results as JSON.",
        HelpName = "FILE",
    };

    internal static Command Create()
    {
        EngineOptionSet options = new();
        Command command = new("check", "Check correctness and speed of the engine on this machine.") { PartsOption, OutOption };
        options.AddTo(command);
        command.SetAction((parsed, _) => RunAsync(options.Read(parsed), parsed.GetRequiredValue(PartsOption), parsed.GetValue(OutOption)));
        return command;
    }

    private static async Task<int> RunAsync(EngineSettings settings, CheckPart[] parts, string? path)
    {
        Problem[] problems = [.. settings.Check()];
        if (problems.Length > 0)
        {
            throw new InvalidInputException(problems);
        }

        CheckReport report = new(Console.Out, path);
        report.Fact($"{settings.Model} on {settings.Device}, {settings.EffectiveRunner}, {settings.EffectivePrecision}, {settings.EffectiveThreads} threads");
        if (parts.Contains(CheckPart.Correctness))
        {
            await CheckCorrectnessAsync(settings, report).ConfigureAwait(false);
        }

        if (parts.Contains(CheckPart.Speed) || parts.Contains(CheckPart.Serving))
        {
            await CheckSpeedAsync(settings, parts, report).ConfigureAwait(false);
        }

        return report.Failures == 0 ? ExitCode.Success : ExitCode.Failed;
    }

    private static async Task CheckCorrectnessAsync(EngineSettings settings, CheckReport report)
    {
        // Large enough for rounding to show, small enough for the CPU beside it.
        using ServedModel small = ServedModel.Open(settings.Device == DeviceKind.Cuda ? "llama-110m" : "llama-15m", seed: 1);
        CorrectnessChecks checks = new(small.Shape, report, settings.EffectiveThreads);
        if (settings.EffectiveRunner == RunnerKind.Torch)
        {
            RunnerLoader.RequireDivisor(settings.TensorParallelism, small.Shape);
            await checks.RunTorchAsync(settings.Device == DeviceKind.Cuda, settings.TensorParallelism).ConfigureAwait(false);
        }
        else
        {
            await checks.RunOnnxAsync().ConfigureAwait(false);
        }
    }

    private static async Task CheckSpeedAsync(EngineSettings settings, CheckPart[] parts, CheckReport report)
    {
        long begin = TimeProvider.System.GetTimestamp();
        using ServedModel model = ServedModel.Open(settings.Model, settings.Seed);
        IDecoderRunner runner = RunnerLoader.Load(settings, model);
        RunnerDescription description = runner.Description;
        report.Measure("load", TimeProvider.System.GetElapsedTime(begin).TotalSeconds, "s");
        report.Fact($"{model.Shape.Name}: {model.Shape.ParameterCount / 1e9:0.00} G parameters; {description.Slots} slots of {description.ContextTokens} tokens");
        SpeedFigures figures = SpeedFigures.For(settings);

        DeviceCeilings? ceilings = null;
        if (settings.Device == DeviceKind.Cuda)
        {
            // Before the ceilings, whose operands the allocator keeps; the warm-up has had the activations of full steps.
            CheckMemory(settings, description, report);
            ceilings = MeasureCeilings(settings.TensorParallelism, report);
        }

        if (parts.Contains(CheckPart.Speed))
        {
            figures.Check(new SpeedChecks(runner, model.Shape, report), report, description, ceilings);
        }

        if (settings.Device == DeviceKind.Cpu)
        {
            CheckMemory(settings, description, report);
        }

        if (parts.Contains(CheckPart.Serving))
        {
            ServingChecks serving = new(model.Shape, report, figures.PromptTokens);
            await serving.RunAsync(runner, Math.Min(figures.ServingBatch, description.Slots), outputTokens: 96).ConfigureAwait(false);
        }
        else
        {
            runner.Dispose();
        }
    }

    private static DeviceCeilings MeasureCeilings(int devices, CheckReport report)
    {
        DeviceCeilings ceilings = DeviceCeilings.Measure();
        report.Fact($"{CudaDevice.Name()}");
        report.Measure("plain copy within the device's memory, read plus write", ceilings.CopyBytesPerSecond / 1e12, "TB/s", "4 GiB, mean of 20");
        report.Measure("plain bf16 matrix product", ceilings.ProductOperationsPerSecond / 1e12, "TFLOP/s", "8192^3, random operands, mean of 20");
        if (devices > 1)
        {
            (double bytesPerSecond, double smallSeconds) = DeviceCeilings.MeasureLink();
            report.Measure("plain copy between two devices", bytesPerSecond / 1e9, "GB/s", "256 MiB, mean of 20");
            report.Measure("copy of 8 KiB between two devices", smallSeconds * 1e6, "us", "mean of 20 one after the other");
            report.Fact($"shares below are of {devices} such devices");
        }

        return ceilings.Times(devices);
    }

    private static void CheckMemory(EngineSettings settings, RunnerDescription description, CheckReport report)
    {
        // The first device stands for all: each holds an equal part.
        double planned = (description.WeightBytes + description.CacheBytes) / settings.TensorParallelism;
        if (settings.Device == DeviceKind.Cuda)
        {
            (long free, long total) = CudaDevice.Memory();
            report.AtMost("device memory over weights and cache", (total - free) / planned, 1.2, "",
                FormattableString.Invariant($"{(total - free) / 1e9:0.0} GB used of {total / 1e9:0.0}"));
        }
        else
        {
            report.AtMost("process memory over weights and cache", Environment.WorkingSet / planned, 1.2, "",
                FormattableString.Invariant($"{Environment.WorkingSet / 1e6:0} MB, weights {description.WeightBytes / 1e6:0} MB, cache {description.CacheBytes / 1e6:0} MB when full"));
        }
    }
}
