using GreenServe.Metering.DeviceSettings;
using GreenServe.Metering.Discovery;
using GreenServe.Metering.IdlePower;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Running.Machine;

/// <summary>
/// The machine as a measured point finds it: the GPUs' knobs are set and read back, and the power without load is known. Disposal
/// restores the settings that the GPUs had before.
/// </summary>
internal sealed class PreparedMachine : IDisposable
{
    private readonly DeviceKnobs knobs;
    private readonly MeasurementContext context;
    private readonly BaselineReading? idle;

    // A process that is told to stop restores the GPUs' own settings first.
    private readonly IDisposable hold;

    private PreparedMachine(MeterCatalog meters, DeviceKnobs knobs, BaselineReading? idle, MeasurementContext context)
    {
        Meters = meters;
        this.knobs = knobs;
        this.idle = idle;
        this.context = context;
        hold = context.Lifetime.Hold();
    }

    /// <summary>What reads power and energy.</summary>
    internal MeterCatalog Meters { get; }

    /// <summary>The key under which the power with weights in memory is kept: model, precision and settings of the GPU.</summary>
    private string LoadedKey { get; init; } = "";

    /// <summary>
    /// The settings that were asked for and that the GPUs did not take exactly, by counter name; empty where they took all.
    /// </summary>
    internal IReadOnlyDictionary<string, double> Refused => knobs.Outcomes.Where(outcome => outcome.Actual != outcome.Asked)
        .DistinctBy(outcome => outcome.Knob).ToDictionary(outcome => RunCounter.Asked(outcome.Knob).Name, outcome => outcome.Asked);

    /// <summary>Prepares the machine, before a server is started on it.</summary>
    /// <param name="point">The point whose knobs are set.</param>
    /// <param name="meters">What reads power and energy; stays the caller's.</param>
    /// <param name="context">What may be changed and what is measured. Its progress is told which knob was not taken as asked.</param>
    /// <param name="cancellationToken">Stops waiting for the idle baseline.</param>
    /// <param name="knobFolder">
    /// Where a GPU's own settings are kept meanwhile; <c>null</c> for <see cref="DeviceKnobs.DefaultFolder"/>.
    /// </param>
    /// <exception cref="InvalidInputException">A knob is set without permission, or is out of the GPU's range.</exception>
    /// <exception cref="UnavailableException">There is no GPU, or the driver refuses. Nothing is left changed.</exception>
    internal static async Task<PreparedMachine> PrepareAsync(
        OperatingPoint point,
        MeterCatalog meters,
        MeasurementContext context,
        CancellationToken cancellationToken,
        string? knobFolder = null)
    {
        MeasurementPolicy policy = context.Policy;
        BaselineReading? idle = policy.Baselines == BaselineChoice.All
            ? await policy.Store.IdleAsync(meters, context.Progress, cancellationToken).ConfigureAwait(false)
            : null;
        DeviceKnobRequest request = new(point.Knobs.GpuClockMegahertz, point.Knobs.PowerCapWatts);
        DeviceKnobs knobs = DeviceKnobs.Apply(meters.Gpus, request, policy.AllowsDeviceChanges, knobFolder);
        foreach (KnobOutcome outcome in knobs.Outcomes.Where(outcome => outcome.Note is not null))
        {
            context.Progress.Report($"{outcome.Gpu} {outcome.Knob}: {outcome.Note}");
        }

        return new PreparedMachine(meters, knobs, idle, context)
        {
            LoadedKey = KeyOf(point.Workload.Model, knobs.AsRecorded(point.Knobs)),
        };
    }

    /// <summary>The knobs as the GPUs have them, which is what a record must say.</summary>
    internal Knobs AsRecorded(Knobs asked) => knobs.AsRecorded(asked);

    /// <summary>Measures the power without load, while the server is up and idle. <c>null</c> where no baseline was asked for.</summary>
    internal async Task<Baselines?> MeasureBaselinesAsync(CancellationToken cancellationToken)
    {
        if (context.Policy.Baselines == BaselineChoice.None)
        {
            return null;
        }

        BaselineReading loaded = await context.Policy.Store
            .LoadedIdleAsync(LoadedKey, Meters, context.Progress, cancellationToken).ConfigureAwait(false);
        return BaselineMeasurement.Combine(idle, loaded);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        knobs.Dispose();
        foreach (string problem in knobs.Problems)
        {
            context.Progress.Report($"not restored: {problem}");
        }

        hold.Dispose();
    }

    /// <summary>Power with weights in memory depends on what is loaded and on how the GPU is set, not on the workload.</summary>
    private static string KeyOf(string model, Knobs knobs) => string.Join(' ', new[]
    {
        model,
        EnumText.Of(knobs.Precision),
        $"tp={knobs.TensorParallelism}",
        knobs.GpuClockMegahertz is { } clock ? $"{clock} MHz" : null,
        knobs.PowerCapWatts is { } cap ? $"{cap} W" : null,
    }.Where(part => part is not null));
}
