using GreenServe.Metering.Nvml;
using GreenServe.Records;

namespace GreenServe.Metering.DeviceSettings;

/// <summary>Checks, sets, reads back and restores the knobs of one GPU. It is the only caller of NVML's setters.</summary>
internal static class KnobSetter
{
    internal const string ClockKnob = "gpu_clock_megahertz";
    internal const string PowerKnob = "power_cap_watts";

    /// <summary>A clock moves some tens of milliseconds after the call, so it is read back for up to half a second.</summary>
    private const int ReadBackAttempts = 10;

    private static readonly TimeSpan ReadBackInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>Lists what a GPU cannot do of a request.</summary>
    internal static IEnumerable<Problem> Check(GpuDevice gpu, DeviceKnobRequest request)
    {
        if (request.PowerCapWatts is { } watts && CheckPower(gpu, watts) is { } power)
        {
            yield return power;
        }

        if (request.ClockMegahertz is { } megahertz && CheckClock(gpu, megahertz) is { } clock)
        {
            yield return clock;
        }
    }

    /// <summary>Sets what is asked for and reads it back.</summary>
    /// <param name="gpu">The GPU.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="clock">The clock of the waits between reading back.</param>
    /// <exception cref="UnavailableException">The driver refuses, or does not tell what it made of it.</exception>
    internal static IEnumerable<KnobOutcome> Set(GpuDevice gpu, DeviceKnobRequest request, TimeProvider clock)
    {
        List<KnobOutcome> outcomes = [];
        if (request.PowerCapWatts is { } watts)
        {
            outcomes.Add(SetPower(gpu, watts));
        }

        if (request.ClockMegahertz is { } megahertz)
        {
            outcomes.Add(SetClock(gpu, megahertz, clock));
        }

        return outcomes;
    }

    /// <summary>Gives a GPU back what its state says and deletes the file of the state. The file stays if that fails.</summary>
    /// <returns>What failed, one line for each knob; empty if nothing did.</returns>
    internal static IReadOnlyList<string> Restore(GpuDevice gpu, KnobState state, string path)
    {
        List<string> problems = [];
        if (state.PowerLimitMilliwatts is { } before)
        {
            NvmlReturn answer = gpu.Nvml.SetPowerLimitMilliwatts(gpu.Handle, before);
            NvmlResult<uint> now = gpu.Nvml.PowerLimitMilliwatts(gpu.Handle);
            if (answer != NvmlReturn.Success || !now.IsSuccess || now.Value != before)
            {
                string found = now.IsSuccess
                    ? FormattableString.Invariant($"is {Watts(now.Value)} W instead of {Watts(before)} W")
                    : FormattableString.Invariant($"cannot be read and should be {Watts(before)} W");
                string reason = NvmlMessages.Of(answer != NvmlReturn.Success ? answer : now.Return);
                problems.Add(
                    $"{gpu.Description}: the power limit {found} ({reason}); "
                    + $"mend it with: sudo nvidia-smi -i {gpu.Index} -pl {before / 1000}");
            }
        }

        if (state.LockedClocks && gpu.Nvml.UnlockClocks(gpu.Handle) is var unlocked && unlocked != NvmlReturn.Success)
        {
            problems.Add(
                $"{gpu.Description}: the clocks are still locked ({NvmlMessages.Of(unlocked)}); "
                + $"mend it with: sudo nvidia-smi -i {gpu.Index} -rgc");
        }

        if (problems.Count == 0)
        {
            File.Delete(path);
        }

        return problems;
    }

    private static Problem? CheckPower(GpuDevice gpu, double watts)
    {
        NvmlResult<(uint Lowest, uint Highest)> range = gpu.Nvml.PowerLimitRangeMilliwatts(gpu.Handle);
        if (!range.IsSuccess)
        {
            return new Problem(PowerKnob, watts, $"no power cap: {gpu.Description}: {NvmlMessages.Of(range.Return)}");
        }

        (uint lowest, uint highest) = range.Value;
        bool isInRange = DeviceUnits.MilliwattsOfWatts(watts) is var milliwatts && milliwatts >= lowest && milliwatts <= highest;
        return isInRange
            ? null
            : new Problem(PowerKnob, watts, FormattableString.Invariant($"{Watts(lowest)} to {Watts(highest)} W on {gpu.Description}"));
    }

    private static Problem? CheckClock(GpuDevice gpu, double megahertz)
    {
        uint[] clocks = Clocks(gpu);
        if (clocks.Length == 0)
        {
            return new Problem(ClockKnob, megahertz, $"no locked clock: {gpu.Description} does not list the clocks it supports");
        }

        bool isInRange = megahertz >= clocks[0] && megahertz <= clocks[^1];
        return isInRange
            ? null
            : new Problem(ClockKnob, megahertz, $"{clocks[0]} to {clocks[^1]} MHz in {clocks.Length} steps on {gpu.Description}");
    }

    private static KnobOutcome SetPower(GpuDevice gpu, double watts)
    {
        uint asked = (uint)Math.Round(DeviceUnits.MilliwattsOfWatts(watts));
        Demand(gpu, gpu.Nvml.SetPowerLimitMilliwatts(gpu.Handle, asked), "the power limit");
        NvmlResult<uint> limit = gpu.Nvml.PowerLimitMilliwatts(gpu.Handle);
        Demand(gpu, limit.Return, "the power limit (it cannot be read back)");
        uint set = limit.Value;
        NvmlResult<uint> enforced = gpu.Nvml.EnforcedPowerLimitMilliwatts(gpu.Handle);
        uint actual = enforced.IsSuccess ? Math.Min(set, enforced.Value) : set;
        string? note = actual == asked ? null
            : set != asked ? FormattableString.Invariant($"the driver made {Watts(set)} W of {watts} W")
            : FormattableString.Invariant($"{watts} W is set, but something else enforces {Watts(actual)} W");
        return new KnobOutcome(gpu.Name, PowerKnob, watts, Watts(actual), note);
    }

    private static KnobOutcome SetClock(GpuDevice gpu, double megahertz, TimeProvider clock)
    {
        uint rounded = Clocks(gpu).MinBy(step => Math.Abs(step - megahertz));
        Demand(gpu, gpu.Nvml.LockClocksMegahertz(gpu.Handle, rounded, rounded), "locked clocks");
        uint? shown = ReadBackClock(gpu, rounded, clock);

        // An idle GPU may rest below a locked clock; one that runs above it has not taken the lock.
        string? note = shown is null ? "locked, but the clock cannot be read back"
            : shown > rounded ? $"the clock still reads {shown} MHz"
            : shown < rounded ? $"locked, but the idle GPU reads {shown} MHz; device.csv shows the clock under load"
            : rounded != megahertz ? FormattableString.Invariant($"{megahertz} MHz is no step of this GPU, the nearest is {rounded} MHz")
            : null;
        return new KnobOutcome(gpu.Name, ClockKnob, megahertz, Math.Max(shown ?? rounded, rounded), note);
    }

    /// <summary>Reads the SM clock until it shows what was set, for a while.</summary>
    /// <returns>The last clock read (MHz); <c>null</c> if the driver does not show it.</returns>
    private static uint? ReadBackClock(GpuDevice gpu, uint expected, TimeProvider clock)
    {
        uint? shown = null;
        for (int attempt = 0; attempt < ReadBackAttempts && shown != expected; attempt++)
        {
            if (attempt > 0)
            {
                Task.Delay(ReadBackInterval, clock).Wait();
            }

            NvmlResult<uint> read = gpu.Nvml.ClockMegahertz(gpu.Handle, NvmlClock.StreamingMultiprocessor);
            shown = read.IsSuccess ? read.Value : null;
        }

        return shown;
    }

    private static void Demand(GpuDevice gpu, NvmlReturn answer, string what)
    {
        if (answer != NvmlReturn.Success)
        {
            throw new UnavailableException($"{gpu.Description} did not take {what}: {NvmlMessages.Of(answer)}. Nothing is left changed.");
        }
    }

    /// <summary>The SM clocks that the GPU supports at its highest memory clock, ascending (MHz); empty if it does not list them.</summary>
    private static uint[] Clocks(GpuDevice gpu)
    {
        NvmlResult<uint[]> memory = gpu.Nvml.MemoryClocksMegahertz(gpu.Handle);
        return memory is { IsSuccess: true, Value.Length: > 0 }
            ? [.. gpu.Nvml.GraphicsClocksMegahertz(gpu.Handle, memory.Value.Max()).Value.Order()]
            : [];
    }

    private static double Watts(uint milliwatts) => DeviceUnits.WattsOfMilliwatts(milliwatts);
}
