using GreenServe.Metering.DeviceSettings;
using GreenServe.Metering.Discovery;
using GreenServe.Metering.IdlePower;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Running.Live;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Running.Machine;

/// <summary>
/// The machine, prepared for a measured point: the knobs of the GPUs are set and read back, and the idle power is known. Disposal
/// restores the earlier settings of the GPUs.
/// </summary>
internal sealed class PreparedMachine : IDisposable
{
    private readonly DeviceKnobs knobs;
    private readonly MeasurementContext context;
    private readonly BaselineReading? idle;

    // While this is held, a process that is told to stop waits until the GPUs' earlier settings are restored.
    private readonly IDisposable hold;

    private PreparedMachine(MeterCatalog meters, DeviceKnobs knobs, BaselineReading? idle, MeasurementContext context)
    {
        Meters = meters;
        this.knobs = knobs;
        this.idle = idle;
        this.context = context;
        hold = context.Lifetime.Hold();
    }

    /// <summary>The meters of power and energy.</summary>
    internal MeterCatalog Meters { get; }

    /// <summary>The key of the loaded-idle baseline: model, precision and settings of the GPU.</summary>
    private string LoadedKey { get; init; } = "";

    /// <summary>
    /// The settings that were asked for and that the GPUs did not take exactly, by counter name; empty if they took all.
    /// </summary>
    internal IReadOnlyDictionary<string, double> Refused => knobs.Outcomes.Where(outcome => outcome.Actual != outcome.Asked)
        .DistinctBy(outcome => outcome.Knob).ToDictionary(outcome => RunCounter.Asked(outcome.Knob).Name, outcome => outcome.Asked);

    /// <summary>Prepares the machine before a server is started on it.</summary>
    /// <param name="point">The point whose knobs are set.</param>
    /// <param name="meters">The meters of power and energy. The caller disposes them.</param>
    /// <param name="context">Policy and clock. Its notices name each knob that was not taken as asked.</param>
    /// <param name="cancellationToken">Cancels the wait for the idle baseline.</param>
    /// <param name="knobFolder">
    /// Folder that keeps the GPUs' earlier settings meanwhile; <c>null</c> for <see cref="DeviceKnobs.DefaultFolder"/>.
    /// </param>
    /// <exception cref="InvalidInputException">A knob is set without permission, or is out of the GPU's range.</exception>
    /// <exception cref="UnavailableException">There is no GPU, or the driver refuses. All settings are as before.</exception>
    internal static async Task<PreparedMachine> PrepareAsync(
        OperatingPoint point,
        MeterCatalog meters,
        MeasurementContext context,
        CancellationToken cancellationToken,
        string? knobFolder = null)
    {
        MeasurementPolicy policy = context.Policy;
        context.Live.Enter(policy.Baselines == BaselineChoice.All ? LivePhase.MeasuringBaseline : LivePhase.Preparing);
        BaselineReading? idle = policy.Baselines == BaselineChoice.All
            ? await policy.Store.IdleAsync(meters, context.Progress, cancellationToken).ConfigureAwait(false)
            : null;
        DeviceKnobRequest request = new(point.Knobs.GpuClockMegahertz, point.Knobs.PowerCapWatts);
        DeviceKnobs knobs = DeviceKnobs.Apply(meters.Gpus, request, policy.AllowsDeviceChanges, knobFolder);
        foreach (KnobOutcome outcome in knobs.Outcomes.Where(outcome => outcome.Note is not null))
        {
            context.Notices.Report($"{outcome.Gpu} {outcome.Knob}: {outcome.Note}");
        }

        return new PreparedMachine(meters, knobs, idle, context)
        {
            LoadedKey = KeyOf(point.Workload.Model, knobs.AsRecorded(point.Knobs)),
        };
    }

    /// <summary>The knobs as the GPUs have them. A record must state these and not those that were asked for.</summary>
    internal Knobs AsRecorded(Knobs asked) => knobs.AsRecorded(asked);

    /// <summary>
    /// Measures the power without load while the server is running and idle; <c>null</c> where no baseline was asked for.
    /// </summary>
    /// <param name="server">The meters of the server.</param>
    /// <param name="cancellationToken">Cancels the measurement.</param>
    internal async Task<Baselines?> MeasureBaselinesAsync(ServerMeters server, CancellationToken cancellationToken)
    {
        if (context.Policy.Baselines == BaselineChoice.None)
        {
            return null;
        }

        context.Live.Enter(LivePhase.MeasuringBaseline);
        BaselineReading loaded = await context.Policy.Store
            .LoadedIdleAsync($"{server.BaselineKey}{LoadedKey}", server.Catalog, context.Progress, cancellationToken)
            .ConfigureAwait(false);

        // The idle baseline is one of this machine's GPUs.
        Baselines baselines = BaselineMeasurement.Combine(server.AreOfThisMachine ? idle : null, loaded);
        return server.AreSimulated ? baselines with { Note = $"simulated: {baselines.Note}" } : baselines;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        knobs.Dispose();
        foreach (string problem in knobs.Problems)
        {
            context.Notices.Report($"not restored: {problem}");
        }

        hold.Dispose();
    }

    /// <summary>
    /// The key of the loaded-idle baseline. It holds what is loaded and how the GPU is set; the workload does not matter.
    /// </summary>
    private static string KeyOf(string model, Knobs knobs) => string.Join(' ', new[]
    {
        model,
        knobs.Precision is { } precision ? EnumText.Of(precision) : null,
        knobs.TensorParallelism is { } degree ? $"tp={degree}" : null,
        knobs.GpuClockMegahertz is { } clock ? $"{clock} MHz" : null,
        knobs.PowerCapWatts is { } cap ? $"{cap} W" : null,
    }.Where(part => part is not null));
}
