using System.CommandLine;
using GreenServe.Engine.CommandLine;
using GreenServe.Engine.Runners.Hosting;
using GreenServe.Engine.Runners.Torch;
using GreenServe.Records;

namespace GreenServe.Engine.Runners.Checks;

/// <summary>
/// The command <c>greenserve-engine check</c>, which checks whether the engine is correct and fast on this machine. It ends with exit code
/// 1 if a check fails.
/// </summary>
internal static class CheckCommand
{
    // A small model shows rounding errors, and the CPU can compute it for comparison. The GPU needs a larger one to show them.
    private const string SmallCpuModel = "llama-15m";
    private const string SmallCudaModel = "llama-110m";

    // The output tokens of each request of the serving check.
    private const int ServedTokens = 96;

    private static readonly Option<CheckPart[]> PartsOption = new("--parts")
    {
        Description = "Parts to check: correctness, speed, serving. Separate several parts with spaces.",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => Enum.GetValues<CheckPart>(),
    };

    private static readonly Option<string?> OutOption = new("--out")
    {
        Description = "File to which the results are written as JSON.",
        HelpName = "FILE",
    };

    /// <summary>Creates the command that checks a runner.</summary>
    /// <param name="output">Receives the results.</param>
    /// <param name="clock">The clock of the measurements.</param>
    internal static Command Create(TextWriter output, TimeProvider clock)
    {
        EngineOptionSet options = new();
        Command command = new("check", "Check correctness and speed of the engine on this machine.") { PartsOption, OutOption };
        options.AddTo(command);
        command.SetAction((parsed, _) => RunAsync(
            options.Read(parsed),
            parsed.GetRequiredValue(PartsOption),
            new CheckReport(output, parsed.GetValue(OutOption)),
            clock));
        return command;
    }

    private static async Task<int> RunAsync(EngineSettings settings, CheckPart[] parts, CheckReport report, TimeProvider clock)
    {
        Problem[] problems = [.. settings.Check()];
        if (problems.Length > 0)
        {
            throw new InvalidInputException(problems);
        }

        report.Fact(
            $"{settings.Model} on {settings.Device}, {settings.EffectiveRunner}, {settings.EffectivePrecision}, {Threads(settings)}");
        if (parts.Contains(CheckPart.Correctness))
        {
            await CheckCorrectnessAsync(settings, report, clock).ConfigureAwait(false);
        }

        if (parts.Contains(CheckPart.Speed) || parts.Contains(CheckPart.Serving))
        {
            await CheckSpeedAsync(settings, parts, report, clock).ConfigureAwait(false);
        }

        return report.Failures == 0 ? ExitCode.Success : ExitCode.Failed;
    }

    private static string Threads(EngineSettings settings) => $"{settings.EffectiveThreads} threads";

    private static async Task CheckCorrectnessAsync(EngineSettings settings, CheckReport report, TimeProvider clock)
    {
        using ServedModel small = ServedModel.Open(settings.Device == DeviceKind.Cuda ? SmallCudaModel : SmallCpuModel, seed: 1);
        CorrectnessChecks checks = new(small.Shape, report, settings.EffectiveThreads, clock);
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

    private static async Task CheckSpeedAsync(EngineSettings settings, CheckPart[] parts, CheckReport report, TimeProvider clock)
    {
        long begin = clock.GetTimestamp();
        using ServedModel model = ServedModel.Open(settings.Model, settings.Seed);
        IDecoderRunner runner = RunnerLoader.Load(settings, model, clock);
        RunnerDescription description = runner.Description;
        report.Measure("load", clock.GetElapsedTime(begin).TotalSeconds, "s");
        double gigaParameters = model.Shape.ParameterCount / 1e9;
        report.Fact(
            $"{model.Shape.Name}: {gigaParameters:0.00} G parameters; {description.Slots} slots of {description.ContextTokens} tokens");
        SpeedFigures figures = SpeedFigures.For(settings);

        DeviceCeilings? ceilings = null;
        if (settings.Device == DeviceKind.Cuda)
        {
            // The memory is read before the ceilings are measured, since the allocator keeps the operands of that measurement. The warm-up
            // has already taken the memory for the activations of full steps.
            CheckMemory(settings, description, report);
            ceilings = MeasureCeilings(settings.TensorParallelism, report, clock);
        }

        if (parts.Contains(CheckPart.Speed))
        {
            figures.Check(new SpeedChecks(runner, model.Shape, report, clock), report, description, ceilings);
        }

        if (settings.Device == DeviceKind.Cpu)
        {
            CheckMemory(settings, description, report);
        }

        if (parts.Contains(CheckPart.Serving))
        {
            ServingChecks serving = new(model.Shape, report, figures.PromptTokens, clock);
            int batch = Math.Min(figures.ServingBatch, description.Slots);
            await serving.RunAsync(runner, batch, ServedTokens).ConfigureAwait(false);
        }
        else
        {
            runner.Dispose();
        }
    }

    private static DeviceCeilings MeasureCeilings(int devices, CheckReport report, TimeProvider clock)
    {
        DeviceCeilings ceilings = DeviceCeilings.Measure(clock);
        double copyTerabytes = ceilings.CopyBytesPerSecond / 1e12;
        double productTeraflops = ceilings.ProductOperationsPerSecond / 1e12;
        report.Fact($"{CudaDevice.Name()}");
        report.Measure("plain copy within the device's memory, read plus write", copyTerabytes, "TB/s", "4 GiB, mean of 20");
        report.Measure("plain bf16 matrix product", productTeraflops, "TFLOP/s", "8192^3, random operands, mean of 20");
        if (devices > 1)
        {
            (double bytesPerSecond, double smallSeconds) = DeviceCeilings.MeasureLink(clock);
            report.Measure("plain copy between two devices", bytesPerSecond / 1e9, "GB/s", "256 MiB, mean of 20");
            report.Measure("copy of 8 KiB between two devices", smallSeconds * 1e6, "us", "mean of 20 one after the other");
            report.Fact($"shares below are of {devices} such devices");
        }

        return ceilings.Times(devices);
    }

    private static void CheckMemory(EngineSettings settings, RunnerDescription description, CheckReport report)
    {
        // The first device stands for all of them, since each holds an equal part.
        double planned = (description.WeightBytes + description.CacheBytes) / settings.TensorParallelism;
        if (settings.Device == DeviceKind.Cuda)
        {
            (long free, long total) = CudaDevice.Memory();
            string detail = FormattableString.Invariant($"{(total - free) / 1e9:0.0} GB used of {total / 1e9:0.0}");
            report.AtMost("device memory over weights and cache", (total - free) / planned, MemoryNeed.Overhead, "", detail);
        }
        else
        {
            long used = Environment.WorkingSet;
            string weights = FormattableString.Invariant($"weights {description.WeightBytes / 1e6:0} MB");
            string cache = FormattableString.Invariant($"cache {description.CacheBytes / 1e6:0} MB when full");
            string detail = FormattableString.Invariant($"{used / 1e6:0} MB, {weights}, {cache}");
            report.AtMost("process memory over weights and cache", used / planned, MemoryNeed.Overhead, "", detail);
        }
    }
}

/// <summary>The parts of <c>greenserve-engine check</c>.</summary>
internal enum CheckPart
{
    /// <summary>Compares runners with each other and with themselves, on a small model.</summary>
    Correctness,

    /// <summary>Times steps without a server.</summary>
    Speed,

    /// <summary>Times the whole server as clients see it.</summary>
    Serving,
}
