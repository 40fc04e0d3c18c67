using GreenServe.Metering.DeviceSettings;
using GreenServe.Metering.Discovery;
using GreenServe.Metering.IdlePower;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Cli.Running;

/// <summary>The machine as a measured point finds it: GPU knobs set and read back, power without load known. Disposal gives the GPUs back what they had.</summary>
internal sealed class PreparedMachine : IDisposable
{
    private readonly DeviceKnobs knobs;
    private readonly MeasurementPolicy options;
    private readonly IProgress<string> progress;
    private readonly BaselineReading? idle;

    // A process that is told to stop gives the GPUs back what they had first.
    private readonly IDisposable hold = StopSignals.Hold();

    private PreparedMachine(MeterCatalog meters, DeviceKnobs knobs, BaselineReading? idle, MeasurementPolicy options, IProgress<string> progress)
    {
        Meters = meters;
        this.knobs = knobs;
        this.idle = idle;
        this.options = options;
        this.progress = progress;
    }

    /// <summary>What reads power and energy.</summary>
    internal MeterCatalog Meters { get; }

    /// <summary>What the power with weights in memory depends on.</summary>
    private string LoadedKey { get; init; } = "";

    /// <summary>What was asked of the GPUs where they gave something else, by name; empty where they obeyed.</summary>
    internal IReadOnlyDictionary<string, double> Refused => knobs.Outcomes.Where(outcome => outcome.Actual != outcome.Asked)
        .DistinctBy(outcome => outcome.Knob).ToDictionary(outcome => RunCounter.Asked(outcome.Knob).Name, outcome => outcome.Asked);

    /// <summary>Prepares the machine, before a server is started on it.</summary>
    /// <param name="point">Its knobs.</param>
    /// <param name="meters">What reads power and energy; stays the caller's.</param>
    /// <param name="options">What may be changed and what is measured.</param>
    /// <param name="progress">Told what is waited for, and which knob was not taken as asked.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="knobFolder">Where a GPU's own settings are kept meanwhile; <c>null</c> for <see cref="DeviceKnobs.DefaultFolder"/>.</param>
    /// <exception cref="InvalidInputException">A knob without leave, or out of the GPU's range.</exception>
    /// <exception cref="UnavailableException">No GPU, or the driver refuses. Nothing is left changed.</exception>
    internal static async Task<PreparedMachine> PrepareAsync(
        OperatingPoint point, MeterCatalog meters, MeasurementPolicy options, IProgress<string> progress, CancellationToken cancellationToken,
        string? knobFolder = null)
    {
        BaselineReading? idle = options.Baselines == BaselineChoice.All
            ? await options.Store.IdleAsync(meters, progress, cancellationToken).ConfigureAwait(false)
            : null;
        DeviceKnobs knobs = DeviceKnobs.Apply(
            meters.Gpus, new DeviceKnobRequest(point.Knobs.GpuClockMegahertz, point.Knobs.PowerCapWatts), options.AllowsDeviceChanges, knobFolder);
        foreach (KnobOutcome outcome in knobs.Outcomes.Where(outcome => outcome.Note is not null))
        {
            progress.Report($"{outcome.Gpu} {outcome.Knob}: {outcome.Note}");
        }

        return new PreparedMachine(meters, knobs, idle, options, progress) { LoadedKey = KeyOf(point.Workload.Model, knobs.AsRecorded(point.Knobs)) };
    }

    /// <summary>The knobs as the GPUs have them, which is what a record must say.</summary>
    internal Knobs AsRecorded(Knobs asked) => knobs.AsRecorded(asked);

    /// <summary>Power without load, as the record has it; the server is up and idle. <c>null</c> where none was asked for.</summary>
    internal async Task<Baselines?> MeasureBaselinesAsync(CancellationToken cancellationToken) => options.Baselines == BaselineChoice.None
        ? null
        : BaselineMeasurement.Combine(
            idle, await options.Store.LoadedIdleAsync(LoadedKey, Meters, progress, cancellationToken).ConfigureAwait(false));

    /// <inheritdoc />
    public void Dispose()
    {
        knobs.Dispose();
        foreach (string problem in knobs.Problems)
        {
            progress.Report($"not restored: {problem}");
        }

        hold.Dispose();
    }

    /// <summary>Weights in memory draw the same whatever is asked of them; what is loaded, and how the GPU is set, counts.</summary>
    private static string KeyOf(string model, Knobs knobs) => string.Join(' ', new[]
    {
        model,
        EnumText.Of(knobs.Precision),
        $"tp={knobs.TensorParallelism}",
        knobs.GpuClockMegahertz is { } clock ? $"{clock} MHz" : null,
        knobs.PowerCapWatts is { } cap ? $"{cap} W" : null,
    }.Where(part => part is not null));
}
