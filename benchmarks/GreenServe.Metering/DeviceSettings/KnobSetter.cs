using GreenServe.Metering.Nvml;
using GreenServe.Records;
using static GreenServe.Metering.DeviceUnits;

namespace GreenServe.Metering.DeviceSettings;

/// <summary>The only caller of NVML's setters: checks, sets, reads back and restores one GPU.</summary>
internal static class KnobSetter
{
    internal const string ClockKnob = "gpu_clock_megahertz";
    internal const string PowerKnob = "power_cap_watts";

    private const int ReadBackAttempts = 10;
    private static readonly TimeSpan ReadBackInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>What this GPU cannot do of a request.</summary>
    internal static IEnumerable<Problem> Check(GpuDevice gpu, DeviceKnobRequest request)
    {
        if (request.PowerCapWatts is { } watts)
        {
            NvmlResult<(uint Lowest, uint Highest)> range = gpu.Nvml.PowerLimitRangeMilliwatts(gpu.Handle);
            if (!range.IsSuccess)
            {
                yield return new Problem(PowerKnob, watts, $"no power cap: {gpu.Description}: {NvmlMessages.Of(range.Return)}");
            }
            else if (MilliwattsOfWatts(watts) is var milliwatts && !(milliwatts >= range.Value.Lowest && milliwatts <= range.Value.Highest))
            {
                yield return new Problem(
                    PowerKnob, watts, FormattableString.Invariant(
                        $"{WattsOfMilliwatts(range.Value.Lowest)} to {WattsOfMilliwatts(range.Value.Highest)} W on {gpu.Description}"));
            }
        }

        if (request.ClockMegahertz is { } megahertz)
        {
            uint[] clocks = Clocks(gpu);
            if (clocks.Length == 0)
            {
                yield return new Problem(ClockKnob, megahertz, $"no locked clock: {gpu.Description} does not list the clocks it supports");
            }
            else if (!(megahertz >= clocks[0] && megahertz <= clocks[^1]))
            {
                yield return new Problem(ClockKnob, megahertz, $"{clocks[0]} to {clocks[^1]} MHz in {clocks.Length} steps on {gpu.Description}");
            }
        }
    }

    /// <summary>Sets what is asked for and reads it back.</summary>
    /// <exception cref="UnavailableException">The driver refuses.</exception>
    internal static IEnumerable<KnobOutcome> Set(GpuDevice gpu, DeviceKnobRequest request)
    {
        List<KnobOutcome> outcomes = [];
        if (request.PowerCapWatts is { } watts)
        {
            outcomes.Add(SetPower(gpu, watts));
        }

        if (request.ClockMegahertz is { } megahertz)
        {
            outcomes.Add(SetClock(gpu, megahertz));
        }

        return outcomes;
    }

    /// <summary>Gives back what the state says and deletes its file; keeps the file if that fails.</summary>
    /// <returns>What failed, one line each.</returns>
    internal static IReadOnlyList<string> Restore(GpuDevice gpu, KnobState state, string path)
    {
        List<string> problems = [];
        if (state.PowerLimitMilliwatts is { } before)
        {
            NvmlReturn answer = gpu.Nvml.SetPowerLimitMilliwatts(gpu.Handle, before);
            uint now = gpu.Nvml.PowerLimitMilliwatts(gpu.Handle).Value;
            if (answer != NvmlReturn.Success || now != before)
            {
                problems.Add(FormattableString.Invariant(
                    $"{gpu.Description}: the power limit is {WattsOfMilliwatts(now)} W instead of {WattsOfMilliwatts(before)} W ({NvmlMessages.Of(answer)}); mend it with: sudo nvidia-smi -i {gpu.Index} -pl {before / 1000}"));
            }
        }

        if (state.LockedClocks && gpu.Nvml.UnlockClocks(gpu.Handle) is var unlocked && unlocked != NvmlReturn.Success)
        {
            problems.Add($"{gpu.Description}: the clocks are still locked ({NvmlMessages.Of(unlocked)}); mend it with: sudo nvidia-smi -i {gpu.Index} -rgc");
        }

        if (problems.Count == 0)
        {
            File.Delete(path);
        }

        return problems;
    }

    private static KnobOutcome SetPower(GpuDevice gpu, double watts)
    {
        uint asked = (uint)Math.Round(MilliwattsOfWatts(watts));
        Demand(gpu, gpu.Nvml.SetPowerLimitMilliwatts(gpu.Handle, asked), "the power limit");
        uint set = gpu.Nvml.PowerLimitMilliwatts(gpu.Handle).Value;
        NvmlResult<uint> enforced = gpu.Nvml.EnforcedPowerLimitMilliwatts(gpu.Handle);
        uint actual = enforced.IsSuccess ? Math.Min(set, enforced.Value) : set;
        string? note = actual == asked ? null
            : set != asked ? FormattableString.Invariant($"the driver made {WattsOfMilliwatts(set)} W of {watts} W")
            : FormattableString.Invariant($"{watts} W is set, but something else enforces {WattsOfMilliwatts(actual)} W");
        return new KnobOutcome(gpu.Name, PowerKnob, watts, WattsOfMilliwatts(actual), note);
    }

    private static KnobOutcome SetClock(GpuDevice gpu, double megahertz)
    {
        uint rounded = Clocks(gpu).MinBy(clock => Math.Abs(clock - megahertz));
        Demand(gpu, gpu.Nvml.LockClocksMegahertz(gpu.Handle, rounded, rounded), "locked clocks");
        uint shown = 0;
        for (int attempt = 0; attempt < ReadBackAttempts && shown != rounded; attempt++)
        {
            // The clock moves some tens of milliseconds after the call.
            Thread.Sleep(attempt == 0 ? TimeSpan.Zero : ReadBackInterval);
            shown = gpu.Nvml.ClockMegahertz(gpu.Handle, NvmlClock.StreamingMultiprocessor).Value;
        }

        // An idle GPU may rest below a locked clock; one that runs above it has not taken the lock.
        string? note = shown > rounded ? $"the clock still reads {shown} MHz"
            : shown < rounded ? $"locked, but the idle GPU reads {shown} MHz; device.csv shows the clock under load"
            : rounded != megahertz ? FormattableString.Invariant($"{megahertz} MHz is no step of this GPU, the nearest is {rounded} MHz")
            : null;
        return new KnobOutcome(gpu.Name, ClockKnob, megahertz, Math.Max(shown, rounded), note);
    }

    private static void Demand(GpuDevice gpu, NvmlReturn answer, string what)
    {
        if (answer != NvmlReturn.Success)
        {
            throw new UnavailableException($"{gpu.Description} did not take {what}: {NvmlMessages.Of(answer)}. Nothing is left changed.");
        }
    }

    /// <summary>Supported SM clocks at the highest memory clock, ascending (MHz).</summary>
    private static uint[] Clocks(GpuDevice gpu)
    {
        NvmlResult<uint[]> memory = gpu.Nvml.MemoryClocksMegahertz(gpu.Handle);
        return memory is { IsSuccess: true, Value.Length: > 0 }
            ? [.. gpu.Nvml.GraphicsClocksMegahertz(gpu.Handle, memory.Value.Max()).Value.Order()]
            : [];
    }
}
