using System.Globalization;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Systems;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Running.Engines;

/// <summary>Converts operating points to the options of <c>greenserve serve engine</c>.</summary>
public static class EngineArguments
{
    /// <summary>The name of an accelerator that stands for the host's processor.</summary>
    public const string Cpu = "cpu";

    /// <summary>The name of the built-in engine in records.</summary>
    public const string EngineName = "greenserve";

    // A slot holds the longest request. Rounding up lets one server serve a repetition whose longest request differs a little.
    private const int ContextStep = 64;

    /// <summary>
    /// Key of what a point needs of its engine, except the length of its slots. Points with the same key can share an engine.
    /// </summary>
    public static string KeyOf(OperatingPoint point) => string.Join(' ', new[]
    {
        point.Workload.Model,
        IsCpu(point.System) ? "cpu" : "cuda",
        PrecisionOf(Effective(point).Precision),
        point.Knobs.TensorParallelism is > 1 and var degree ? $"tensor-parallelism={Text(degree)}" : null,
        point.Knobs.MaxBatch is { } batch ? $"max-batch={Text(batch)}" : null,
        point.Knobs.StepTokens is { } tokens ? $"step-tokens={Text(tokens)}" : null,
    }.Where(part => part is not null));

    /// <summary>
    /// Length of a slot (tokens) that holds the longest request of the given points, rounded up to a multiple of 64.
    /// </summary>
    public static int ContextTokens(IReadOnlyList<OperatingPoint> points)
    {
        int longest = points.DistinctBy(point => (point.Workload, point.Repetition))
            .Max(point => point.Schedule().Requests.Max(request => request.InputTokens + request.OutputTokens));
        return (longest + ContextStep - 1) / ContextStep * ContextStep;
    }

    /// <summary>The options for points that share an engine. The port is a free one.</summary>
    /// <param name="points">Points of the same key. The longest request among them fixes the length of a slot.</param>
    /// <param name="stepsFile">File to which the engine logs its steps.</param>
    /// <exception cref="InvalidInputException">A knob has no counterpart in the engine.</exception>
    public static IReadOnlyList<string> For(IReadOnlyList<OperatingPoint> points, string stepsFile)
    {
        OperatingPoint point = points[0];
        Problem[] problems = [.. points.SelectMany(Check).Distinct()];
        if (problems.Length > 0)
        {
            throw new InvalidInputException(problems);
        }

        List<string> arguments =
        [
            "--model", point.Workload.Model,
            "--device", IsCpu(point.System) ? "cpu" : "cuda",
            "--precision", PrecisionOf(Effective(point).Precision)!,
            "--max-context", Text(ContextTokens(points)),
            "--port", "0",
            "--steps", stepsFile,
        ];
        if (point.Knobs.TensorParallelism is > 1 and var degree)
        {
            arguments.AddRange(["--tensor-parallelism", Text(degree)]);
        }

        if (point.Knobs.MaxBatch is { } batch)
        {
            arguments.AddRange(["--max-batch", Text(batch)]);
        }

        if (point.Knobs.StepTokens is { } tokens)
        {
            arguments.AddRange(["--step-tokens", Text(tokens)]);
        }

        return arguments;
    }

    /// <summary>
    /// The knobs that are in effect, for the record: those without a value have the engine's default, one accelerator and the format that
    /// its device computes in.
    /// </summary>
    public static Knobs Effective(OperatingPoint point) => point.Knobs with
    {
        TensorParallelism = point.Knobs.TensorParallelism ?? 1,
        PipelineParallelism = point.Knobs.PipelineParallelism ?? 1,
        Precision = point.Knobs.Precision ?? (IsCpu(point.System) ? Precision.Fp32 : Precision.Bf16),
    };

    /// <summary>Whether a system computes on the host's processor.</summary>
    public static bool IsCpu(ServingSystem system) => string.Equals(system.Gpu, Cpu, StringComparison.OrdinalIgnoreCase);

    /// <summary>Problems of a point: one for each knob that the engine does not have.</summary>
    public static IEnumerable<Problem> Check(OperatingPoint point)
    {
        Knobs knobs = Effective(point);
        int most = IsCpu(point.System) ? 1 : point.System.GpuCount;
        if (knobs.TensorParallelism < 1 || knobs.TensorParallelism > most)
        {
            yield return new Problem(
                "knobs.tensor_parallelism",
                knobs.TensorParallelism,
                IsCpu(point.System) ? "1 on the processor" : $"1 to the {most} GPUs of the system");
        }

        if (knobs.PipelineParallelism != 1)
        {
            yield return new Problem("knobs.pipeline_parallelism", knobs.PipelineParallelism, "1: the built-in engine has no stages");
        }

        if (IsCpu(point.System) && (point.Knobs.GpuClockMegahertz ?? point.Knobs.PowerCapWatts) is { } setting)
        {
            string knob = point.Knobs.GpuClockMegahertz is null ? "knobs.power_cap_watts" : "knobs.gpu_clock_megahertz";
            yield return new Problem(
                knob, setting, "no clock and no cap: it would be set on a GPU, and this point computes on the processor");
        }

        if (PrecisionOf(knobs.Precision) is null)
        {
            yield return new Problem(
                "knobs.precision", EnumText.Of(knobs.Precision!.Value), "fp32, int8 or int4 on the CPU, bf16 or fp32 on a GPU");
        }
    }

    private static string? PrecisionOf(Precision? precision) => precision switch
    {
        Precision.Fp32 => "float32",
        Precision.Bf16 => "bf16",
        Precision.Int8 => "int8",
        Precision.Int4 => "int4",
        _ => null,
    };

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
