using System.Runtime.InteropServices;
using GreenServe.Metering.Nvml;
using GreenServe.Records;
using GreenServe.Records.Systems;

namespace GreenServe.Metering.DeviceSettings;

/// <summary>Locked clocks and power caps, set for the time of a run and restored after it, whatever ends the run.</summary>
/// <remarks>
/// What a GPU had is written to a small file before it is changed. It is restored on disposal, on Ctrl-C and other signals, and at
/// the end of the process. After a crash <see cref="RestoreLeftovers"/> restores it at the next start. NVML does not tell whether
/// clocks were locked before, so restoring unlocks them.
/// </remarks>
public sealed class DeviceKnobs : IDisposable
{
    private static readonly PosixSignal[] Signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT];

    private readonly string folder;
    private readonly TimeProvider clock;
    private readonly Lock gate = new();
    private readonly List<(GpuDevice Gpu, KnobState State)> changed = [];
    private readonly List<KnobOutcome> outcomes = [];
    private readonly List<PosixSignalRegistration> registrations = [];
    private readonly List<string> problems = [];

    private DeviceKnobs(string folder, TimeProvider clock)
    {
        this.folder = folder;
        this.clock = clock;
        AppDomain.CurrentDomain.ProcessExit += OnExit;
        foreach (PosixSignal signal in Signals)
        {
            registrations.Add(PosixSignalRegistration.Create(signal, _ => Restore()));
        }
    }

    /// <summary>The outcome of setting each knob on each GPU.</summary>
    public IReadOnlyList<KnobOutcome> Outcomes => outcomes;

    /// <summary>The settings that could not be restored, one line for each knob; empty before <see cref="Restore"/>.</summary>
    public IReadOnlyList<string> Problems => problems;

    /// <summary>The folder where states are kept unless a caller says otherwise.</summary>
    /// <value><c>greenserve/device-knobs</c> below <c>$XDG_STATE_HOME</c>, or below <c>.local/state</c> in the home folder.</value>
    public static string DefaultFolder => Path.Combine(
        Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } state
            ? state
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state"),
        "greenserve",
        "device-knobs");

    /// <summary>Sets knobs on GPUs and reads them back.</summary>
    /// <param name="gpus">The GPUs of the run.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="allowDeviceChanges">The explicit permission of the user. Without it nothing is touched.</param>
    /// <param name="folder">The folder where states are kept; <c>null</c> for <see cref="DefaultFolder"/>.</param>
    /// <param name="clock">The clock of the waits between reading back; <c>null</c> for that of the system.</param>
    /// <exception cref="InvalidInputException">There is no permission, or a value is outside what a GPU can do.</exception>
    /// <exception cref="UnavailableException">
    /// There is no GPU, another process holds its knobs, or the driver refuses. Every GPU then has what it had.
    /// </exception>
    public static DeviceKnobs Apply(
        IReadOnlyList<GpuDevice> gpus,
        DeviceKnobRequest request,
        bool allowDeviceChanges,
        string? folder = null,
        TimeProvider? clock = null)
    {
        DeviceKnobs knobs = new(folder ?? DefaultFolder, clock ?? TimeProvider.System);
        try
        {
            if (!request.IsEmpty)
            {
                knobs.Check(gpus, request, allowDeviceChanges);
                knobs.Set(gpus, request);
            }

            return knobs;
        }
        catch
        {
            knobs.Dispose();
            throw;
        }
    }

    /// <summary>The knobs as the GPUs have them, which is what a record must say. Where GPUs differ it is the lowest value.</summary>
    /// <param name="asked">The knobs that were asked for.</param>
    public Knobs AsRecorded(Knobs asked) => asked with
    {
        GpuClockMegahertz = Lowest(KnobSetter.ClockKnob) ?? asked.GpuClockMegahertz,
        PowerCapWatts = Lowest(KnobSetter.PowerKnob) ?? asked.PowerCapWatts,
    };

    /// <summary>Gives every GPU back what it had. It may be called from any thread, and a second call does nothing.</summary>
    public void Restore()
    {
        lock (gate)
        {
            foreach ((GpuDevice gpu, KnobState state) in changed)
            {
                problems.AddRange(KnobSetter.Restore(gpu, state, StatePath(state)));
            }

            changed.Clear();
        }
    }

    /// <summary>Restores GPUs that a crashed process left changed. GPUs of processes that still run are left alone.</summary>
    /// <param name="gpus">Every GPU of this machine.</param>
    /// <param name="folder">The folder where states are kept; <c>null</c> for <see cref="DefaultFolder"/>.</param>
    /// <returns>What was done, one line each; empty if there was nothing to do.</returns>
    public static IReadOnlyList<string> RestoreLeftovers(IReadOnlyList<GpuDevice> gpus, string? folder = null)
    {
        List<string> done = [];
        foreach ((string path, KnobState? state) in KnobState.ReadAll(folder ?? DefaultFolder))
        {
            if (state is null)
            {
                done.Add($"{path} is damaged: check clocks and power limits with nvidia-smi -q -d CLOCK,POWER, then delete it");
            }
            else if (state.BootId is not null && state.BootId != BootId)
            {
                File.Delete(path);
            }
            else if (!state.IsOwnerAlive)
            {
                done.AddRange(gpus.FirstOrDefault(gpu => gpu.Uuid == state.Uuid) is { } gpu
                    ? [$"restored {gpu.Description}, left changed by a process that is gone", .. KnobSetter.Restore(gpu, state, path)]
                    : [$"{path}: the GPU {state.Uuid} that was left changed is not here"]);
            }
        }

        return done;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Restore();
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        registrations.ForEach(registration => registration.Dispose());
        registrations.Clear();
    }

    private static string? BootId => SystemFiles.ReadLine("/proc/sys/kernel/random/boot_id");

    private void OnExit(object? sender, EventArgs arguments) => Restore();

    private double? Lowest(string knob) =>
        outcomes.Where(outcome => outcome.Knob == knob).Select(outcome => (double?)outcome.Actual).Min();

    private string StatePath(KnobState state) => Path.Combine(folder, $"{state.Uuid}.json");

    /// <summary>The UUID of a GPU, by which its state is found again after a crash.</summary>
    private static string DemandUuid(GpuDevice gpu) => gpu.Uuid
        ?? throw new UnavailableException($"{gpu.Description} does not tell its UUID, so it could not be restored after a crash.");

    /// <summary>The power limit of a GPU now (mW), which must be known before it is changed.</summary>
    private static uint DemandPowerLimit(GpuDevice gpu)
    {
        NvmlResult<uint> limit = gpu.Nvml.PowerLimitMilliwatts(gpu.Handle);
        return limit.IsSuccess
            ? limit.Value
            : throw new UnavailableException(
                $"{gpu.Description} does not tell its power limit, so it could not be restored: {NvmlMessages.Of(limit.Return)}.");
    }

    private void Check(IReadOnlyList<GpuDevice> gpus, DeviceKnobRequest request, bool allowDeviceChanges)
    {
        if (!allowDeviceChanges)
        {
            throw new InvalidInputException(new Problem(
                "knobs",
                "a GPU clock or a power cap",
                "the option --allow-device-changes as well, because it changes the GPU for everyone who uses it"));
        }

        if (gpus.Count == 0)
        {
            throw new UnavailableException("There is no NVIDIA GPU whose clock or power cap could be set.");
        }

        Problem[] wrong = [.. gpus.SelectMany(gpu => KnobSetter.Check(gpu, request))];
        if (wrong.Length > 0)
        {
            throw new InvalidInputException(wrong);
        }

        foreach (GpuDevice gpu in gpus)
        {
            string uuid = DemandUuid(gpu);
            KnobState? other = KnobState.ReadAll(folder).Select(pair => pair.State).FirstOrDefault(state => state?.Uuid == uuid);
            if (other is { IsOwnerAlive: true })
            {
                throw new UnavailableException($"Process {other.ProcessId} holds the knobs of {gpu.Description}; wait for it to end.");
            }

            if (other is not null && other.BootId == BootId)
            {
                // What a crashed run left behind must not be taken for what the GPU had.
                problems.AddRange(KnobSetter.Restore(gpu, other, StatePath(other)));
            }
        }
    }

    private void Set(IReadOnlyList<GpuDevice> gpus, DeviceKnobRequest request)
    {
        OutputFolder.Create(folder);
        foreach (GpuDevice gpu in gpus)
        {
            KnobState state = new()
            {
                Uuid = DemandUuid(gpu),
                ProcessId = Environment.ProcessId,
                ProcessStartedAt = KnobState.OwnStart,
                BootId = BootId,
                PowerLimitMilliwatts = request.PowerCapWatts is null ? null : DemandPowerLimit(gpu),
                LockedClocks = request.ClockMegahertz is not null,
            };
            lock (gate)
            {
                state.Write(StatePath(state));
                changed.Add((gpu, state));
            }

            outcomes.AddRange(KnobSetter.Set(gpu, request, clock));
        }
    }
}

/// <summary>The clock and power cap that an experiment asks of its GPUs.</summary>
/// <param name="ClockMegahertz">The locked SM clock (MHz); <c>null</c> leaves the clock as it is.</param>
/// <param name="PowerCapWatts">The power cap of each GPU (W); <c>null</c> leaves the cap as it is.</param>
public sealed record DeviceKnobRequest(double? ClockMegahertz, double? PowerCapWatts)
{
    /// <summary>Whether it asks for nothing.</summary>
    public bool IsEmpty => ClockMegahertz is null && PowerCapWatts is null;
}

/// <summary>The outcome of setting one knob on one GPU.</summary>
/// <param name="Gpu">The stable name of the GPU, for example <c>gpu0</c>.</param>
/// <param name="Knob"><c>gpu_clock_megahertz</c> or <c>power_cap_watts</c>.</param>
/// <param name="Asked">The value that was asked for, in the unit of the knob.</param>
/// <param name="Actual">The value that the device has now, which is what a record must say.</param>
/// <param name="Note">What differs and why; <c>null</c> if the device has what was asked for.</param>
public sealed record KnobOutcome(string Gpu, string Knob, double Asked, double Actual, string? Note);
