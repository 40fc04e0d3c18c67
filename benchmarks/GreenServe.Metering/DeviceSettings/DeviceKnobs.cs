using System.Runtime.InteropServices;
using GreenServe.Metering.Nvml;
using GreenServe.Records;
using GreenServe.Records.Systems;

namespace GreenServe.Metering.DeviceSettings;

/// <summary>Locked clocks and power caps, set for the time of a run and restored after it, whatever ends it.</summary>
/// <remarks>
/// What a GPU had is written to a small file before it is changed. It is restored on disposal, on Ctrl-C and other signals, at the
/// end of the process, and by <see cref="RestoreLeftovers"/> at the next start after a crash. NVML does not tell whether clocks
/// were locked before, so restoring unlocks them.
/// </remarks>
public sealed class DeviceKnobs : IDisposable
{
    private static readonly PosixSignal[] Signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT];

    private readonly string folder;
    private readonly Lock gate = new();
    private readonly List<(GpuDevice Gpu, KnobState State)> changed = [];
    private readonly List<KnobOutcome> outcomes = [];
    private readonly List<PosixSignalRegistration> registrations = [];
    private readonly List<string> problems = [];

    private DeviceKnobs(string folder)
    {
        this.folder = folder;
        AppDomain.CurrentDomain.ProcessExit += OnExit;
        foreach (PosixSignal signal in Signals)
        {
            registrations.Add(PosixSignalRegistration.Create(signal, _ => Restore()));
        }
    }

    /// <summary>What became of each knob on each GPU.</summary>
    public IReadOnlyList<KnobOutcome> Outcomes => outcomes;

    /// <summary>What could not be restored, if anything; empty before <see cref="Restore"/>.</summary>
    public IReadOnlyList<string> Problems => problems;

    /// <summary>Where states are kept unless a caller says otherwise.</summary>
    public static string DefaultFolder => Path.Combine(
        Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } state
            ? state
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state"),
        "greenserve",
        "device-knobs");

    /// <summary>Sets knobs on GPUs and reads them back.</summary>
    /// <param name="gpus">The GPUs of the run.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="allowDeviceChanges">The user's explicit leave; without it nothing is touched.</param>
    /// <param name="folder">Where states are kept; <c>null</c> for <see cref="DefaultFolder"/>.</param>
    /// <exception cref="InvalidInputException">There is no leave, or a value is outside what a GPU can do.</exception>
    /// <exception cref="UnavailableException">There is no GPU, another process holds its knobs, or the driver refuses. All is as it was.</exception>
    public static DeviceKnobs Apply(
        IReadOnlyList<GpuDevice> gpus, DeviceKnobRequest request, bool allowDeviceChanges, string? folder = null)
    {
        DeviceKnobs knobs = new(folder ?? DefaultFolder);
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

    /// <summary>The knobs as they are, for a record: the lowest actual value where GPUs differ.</summary>
    public Knobs AsRecorded(Knobs asked) => asked with
    {
        GpuClockMegahertz = Lowest(KnobSetter.ClockKnob) ?? asked.GpuClockMegahertz,
        PowerCapWatts = Lowest(KnobSetter.PowerKnob) ?? asked.PowerCapWatts,
    };

    /// <summary>Gives every GPU back what it had. May be called again and from any thread.</summary>
    public void Restore()
    {
        lock (gate)
        {
            foreach ((GpuDevice gpu, KnobState state) in changed)
            {
                problems.AddRange(KnobSetter.Restore(gpu, state, StatePath(folder, gpu)));
            }

            changed.Clear();
        }
    }

    /// <summary>Restores GPUs that a crashed process left changed. GPUs of processes that still run are left alone.</summary>
    /// <param name="gpus">Every GPU of this machine.</param>
    /// <param name="folder">Where states are kept; <c>null</c> for <see cref="DefaultFolder"/>.</param>
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

    private static string StatePath(string folder, GpuDevice gpu) => Path.Combine(folder, $"{gpu.Uuid}.json");

    private void Check(IReadOnlyList<GpuDevice> gpus, DeviceKnobRequest request, bool allowDeviceChanges)
    {
        if (!allowDeviceChanges)
        {
            throw new InvalidInputException(new Problem(
                "knobs", "a GPU clock or a power cap", "the option --allow-device-changes as well, because it changes the GPU for everyone who uses it"));
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
            KnobState? other = KnobState.ReadAll(folder).Select(pair => pair.State).FirstOrDefault(state => state?.Uuid == gpu.Uuid);
            if (other is { IsOwnerAlive: true })
            {
                throw new UnavailableException($"Process {other.ProcessId} holds the knobs of {gpu.Description}; wait for it to end.");
            }

            if (other is not null && other.BootId == BootId)
            {
                // What a crashed run left behind must not be taken for what the GPU had.
                problems.AddRange(KnobSetter.Restore(gpu, other, StatePath(folder, gpu)));
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
                Uuid = gpu.Uuid,
                ProcessId = Environment.ProcessId,
                ProcessStartedAt = KnobState.OwnStart,
                BootId = BootId,
                PowerLimitMilliwatts = request.PowerCapWatts is null ? null : gpu.Nvml.PowerLimitMilliwatts(gpu.Handle).Value,
                LockedClocks = request.ClockMegahertz is not null,
            };
            lock (gate)
            {
                state.Write(StatePath(folder, gpu));
                changed.Add((gpu, state));
            }

            outcomes.AddRange(KnobSetter.Set(gpu, request));
        }
    }
}
