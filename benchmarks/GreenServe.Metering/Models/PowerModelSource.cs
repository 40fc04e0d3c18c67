using System.Globalization;
using GreenServe.Metering.Nvml;
using GreenServe.Records.Measurements;

namespace GreenServe.Metering.Models;

/// <summary>Hands out a model's power once a second, marked as estimated.</summary>
internal sealed class PowerModelSource : IMeterSource
{
    private readonly UtilizationPowerModel model;
    private readonly Func<double?> utilization;

    private PowerModelSource(UtilizationPowerModel model, string name, string device, Func<double?> utilization)
    {
        this.model = model;
        this.utilization = utilization;
        Name = name;
        Meters =
        [
            new MeterDescription
            {
                Name = name,
                Scope = model.Scope,
                Method = FormattableString.Invariant($"estimated: {model.IdleWatts} W to {model.DesignWatts} W by utilisation"),
                Device = device,
                IsEstimated = true,
                RefreshSeconds = 1,
                Note = "a model, not a measurement",
            },
        ];
    }

    public string Name { get; }

    public IReadOnlyList<MeterDescription> Meters { get; }

    public SamplingNeed Need => SamplingNeed.EachSecond;

    internal static PowerModelSource OfGpu(UtilizationPowerModel model, GpuDevice gpu) => new(
        model,
        $"{gpu.Name}.estimated",
        gpu.Description,
        () => gpu.Nvml.UtilizationPercent(gpu.Handle) is { IsSuccess: true } busy ? busy.Value.Gpu / 100.0 : null);

    internal static PowerModelSource OfProcessor(UtilizationPowerModel model, SystemFiles files)
    {
        (double Busy, double Total)? last = ProcessorTime(files);
        return new PowerModelSource(model, "cpu.estimated", "processors", () =>
        {
            (double Busy, double Total)? now = ProcessorTime(files);
            double? share = now is { } after && last is { } before && after.Total > before.Total
                ? (after.Busy - before.Busy) / (after.Total - before.Total)
                : null;
            last = now;
            return share;
        });
    }

    public void Read(ReadingBatch batch)
    {
        if (utilization() is { } busy)
        {
            batch.Add(0, model.At(busy));
        }
        else
        {
            batch.Fail(0, new ReadingFailure("no-utilization", $"{Name}: the utilisation that the model needs cannot be read yet, or at all"));
        }
    }

    public void Dispose()
    {
    }

    /// <summary>Busy and total time of all processors from /proc/stat, in ticks. Source: proc_stat(5).</summary>
    private static (double Busy, double Total)? ProcessorTime(SystemFiles files)
    {
        string? line = SystemFiles.ReadLine(files.PathOf("proc/stat"))?.Split('\n')[0];
        string[] fields = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        if (fields.Length < 6 || fields[0] != "cpu")
        {
            return null;
        }

        double[] ticks = [.. fields[1..Math.Min(fields.Length, 9)].Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
        double total = ticks.Sum();
        return (total - ticks[3] - ticks[4], total);
    }
}
