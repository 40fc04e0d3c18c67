using System.Globalization;
using GreenServe.Metering.Nvml;
using GreenServe.Records.Measurements;

namespace GreenServe.Metering.Models;

/// <summary>Hands out the power of a model once a second, marked as estimated.</summary>
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
                CeilingWatts = model.DesignWatts,
                Note = "a model, not a measurement: it counts only where no meter has a number",
            },
        ];
    }

    public string Name { get; }

    public IReadOnlyList<MeterDescription> Meters { get; }

    public SamplingNeed Need => SamplingNeed.EachSecond;

    /// <summary>The model of one GPU, by the utilisation that its driver shows.</summary>
    internal static PowerModelSource OfGpu(UtilizationPowerModel model, GpuDevice gpu) => new(
        model,
        $"{gpu.Name}.estimated",
        gpu.Description,
        () => gpu.Nvml.UtilizationPercent(gpu.Handle) is { IsSuccess: true } busy ? busy.Value.Gpu / 100.0 : null);

    /// <summary>The model of all processors together, by the busy time that the kernel counts.</summary>
    internal static PowerModelSource OfProcessor(UtilizationPowerModel model, SystemFiles files)
    {
        ProcessorTicks? last = ProcessorTicks.Read(files);
        return new PowerModelSource(model, "cpu.estimated", "processors", () =>
        {
            ProcessorTicks? now = ProcessorTicks.Read(files);
            double? share = now is { } after && last is { } before && after.TotalTicks > before.TotalTicks
                ? (after.BusyTicks - before.BusyTicks) / (after.TotalTicks - before.TotalTicks)
                : null;
            last = now;
            return share;
        });
    }

    public void Read(ReadingBatch batch)
    {
        if (utilization() is { } busy)
        {
            batch.Add(0, model.WattsAt(busy));
        }
        else
        {
            batch.Fail(0, new ReadingFailure(
                "no-utilization", $"{Name}: the utilisation that the model needs cannot be read yet, or at all"));
        }
    }

    public void Dispose()
    {
    }

    /// <summary>The time of all processors since the start of the system, in ticks of the kernel.</summary>
    /// <remarks>Source: proc_stat(5), the line <c>cpu</c>.</remarks>
    /// <param name="BusyTicks">Time spent neither idle nor waiting for input and output.</param>
    /// <param name="TotalTicks">All time.</param>
    private readonly record struct ProcessorTicks(double BusyTicks, double TotalTicks)
    {
        private const int IdleField = 3;
        private const int WaitField = 4;

        /// <summary>The fields after these are the time of guests, which the kernel counts among the others too.</summary>
        private const int FieldsOfTotal = 8;

        /// <summary>Reads /proc/stat; <c>null</c> if it cannot be read or has another form.</summary>
        internal static ProcessorTicks? Read(SystemFiles files)
        {
            string? line = SystemFiles.ReadLine(files.PathOf("proc/stat"))?.Split('\n')[0];
            string[] words = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
            if (words is not ["cpu", .. var fields] || fields.Length <= WaitField)
            {
                return null;
            }

            double[] ticks = [.. fields.Take(FieldsOfTotal).Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
            double total = ticks.Sum();
            return new ProcessorTicks(total - ticks[IdleField] - ticks[WaitField], total);
        }
    }
}
