using GreenServe.Metering.Nvml;
using Microsoft.Extensions.Time.Testing;

namespace GreenServe.Tests.Metering.Fakes;

/// <summary>NVML over <see cref="FakeGpu"/>s. With a fake clock, each call moves it by what the call would take.</summary>
internal sealed class FakeNvml(TimeProvider clock, params FakeGpu[] gpus) : INvml
{
    private const uint MemoryCelsius = 40;

    /// <summary>The memory of a fake GPU draws a quarter of its power.</summary>
    private const uint MemoryShareDivisor = 4;

    private long start = clock.GetTimestamp();

    internal NvmlReturn InitializeReturn { get; init; }

    internal bool IsDisposed { get; private set; }

    /// <summary>Makes now the time zero of every power course.</summary>
    internal void BeginNow() => start = clock.GetTimestamp();

    private double Now => clock.GetElapsedTime(start).TotalSeconds;

    public NvmlReturn Initialize() => InitializeReturn;

    public NvmlResult<string> DriverVersion() => new(NvmlReturn.Success, "580.159.04");

    public NvmlResult<uint> DeviceCount() => new(NvmlReturn.Success, (uint)gpus.Length);

    public NvmlResult<nint> DeviceByIndex(uint index) => new(gpus[index].HandleReturn, (nint)index);

    public NvmlResult<string> Name(nint device) => new(NvmlReturn.Success, gpus[device].Name);

    public NvmlResult<string> Uuid(nint device) => new(gpus[device].UuidReturn, gpus[device].Uuid);

    public NvmlResult<uint> Architecture(nint device) => new(NvmlReturn.Success, gpus[device].Architecture);

    public NvmlResult<bool> IsDivided(nint device) => new(NvmlReturn.Success, gpus[device].Instances.Length > 0);

    public NvmlResult<IReadOnlyList<string>> InstanceUuids(nint device) => new(NvmlReturn.Success, gpus[device].Instances);

    public NvmlResult<ulong> TotalEnergyMillijoules(nint device)
    {
        FakeGpu gpu = gpus[device];
        Pass(gpu.EnergyCallSeconds / 2);
        double time = Now;
        ulong value = (ulong)(gpu.JoulesAt(gpu.RefreshAtOrBefore(time)) * 1e3);
        Pass(gpu.EnergyCallSeconds / 2);
        return new(gpu.EnergyReturn(time), value);
    }

    public NvmlResult<uint> PowerMilliwatts(nint device) => new(NvmlReturn.Success, Milliwatts(gpus[device], NvmlField.PowerAverage));

    public NvmlReturn FieldValues(nint device, Span<NvmlFieldValue> fields)
    {
        FakeGpu gpu = gpus[device];
        foreach (ref NvmlFieldValue field in fields)
        {
            Pass(gpu.FieldCallSeconds);
            field.Return = gpu.FieldReturns.GetValueOrDefault((field.FieldId, field.ScopeId), NvmlReturn.NotSupported);
            field.ValueType = 1;
            uint divisor = field.ScopeId == NvmlField.ScopeMemory ? MemoryShareDivisor : 1;
            field.Bits = field.FieldId == NvmlField.MemoryTemperature ? MemoryCelsius : Milliwatts(gpu, field.FieldId) / divisor;
        }

        return NvmlReturn.Success;
    }

    public NvmlResult<IReadOnlyList<(ulong Microseconds, double Milliwatts)>> PowerSamples(nint device, ulong afterMicroseconds)
    {
        // One each 20 ms of the wall clock, 2.36 s kept.
        ulong now = (ulong)(clock.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalMicroseconds;
        List<(ulong, double)> samples = [];
        for (ulong at = (now - 2_360_000) / 20_000 * 20_000; at <= now; at += 20_000)
        {
            double time = Now - ((now - at) / 1e6);
            if (at > afterMicroseconds)
            {
                samples.Add((at, (gpus[device].JoulesAt(time) - gpus[device].JoulesAt(time - 0.02)) / 0.02 * 1e3));
            }
        }

        return new(samples.Count > 0 ? NvmlReturn.Success : NvmlReturn.NotFound, samples);
    }

    public NvmlResult<uint> ClockMegahertz(nint device, NvmlClock domain) => new(NvmlReturn.Success, gpus[device].ClockMegahertz);

    public NvmlResult<uint> HighestClockMegahertz(nint device, NvmlClock domain) =>
        new(NvmlReturn.Success, gpus[device].Clocks[^1]);

    public NvmlResult<uint[]> MemoryClocksMegahertz(nint device) => new(NvmlReturn.Success, [3201]);

    public NvmlResult<uint[]> GraphicsClocksMegahertz(nint device, uint memoryClockMegahertz) =>
        new(NvmlReturn.Success, gpus[device].Clocks);

    public NvmlResult<ulong> ClockEventReasons(nint device) => new(NvmlReturn.Success, 4);

    public NvmlResult<ulong> HeldBackNanoseconds(nint device, NvmlPolicy policy) => policy == NvmlPolicy.Reliability
        ? new(NvmlReturn.NotSupported, 0)
        : new(NvmlReturn.Success, 5_000_000_000);

    public NvmlResult<uint> TemperatureCelsius(nint device) => new(NvmlReturn.Success, gpus[device].TemperatureCelsius);

    public NvmlResult<NvmlUtilization> UtilizationPercent(nint device) =>
        new(NvmlReturn.Success, new NvmlUtilization { Gpu = 50, Memory = 25 });

    public NvmlResult<NvmlMemory> Memory(nint device) =>
        new(NvmlReturn.Success, new NvmlMemory { Total = 1000, Used = 400, Free = 600 });

    public NvmlResult<uint> ProcessCount(nint device) => new(NvmlReturn.Success, gpus[device].Processes);

    public NvmlResult<uint> PowerLimitMilliwatts(nint device) => gpus[device].LimitReturn == NvmlReturn.Success
        ? new(NvmlReturn.Success, gpus[device].PowerLimitMilliwatts)
        : new(gpus[device].LimitReturn, 0);

    public NvmlResult<uint> EnforcedPowerLimitMilliwatts(nint device) =>
        new(NvmlReturn.Success, gpus[device].PowerLimitMilliwatts);

    public NvmlResult<uint> DefaultPowerLimitMilliwatts(nint device) => new(NvmlReturn.Success, 700_000);

    public NvmlResult<(uint Lowest, uint Highest)> PowerLimitRangeMilliwatts(nint device) =>
        new(NvmlReturn.Success, gpus[device].PowerRange);

    public NvmlReturn SetPowerLimitMilliwatts(nint device, uint milliwatts)
    {
        FakeGpu gpu = gpus[device];
        gpu.Settings.Add($"power {milliwatts}");
        gpu.PowerLimitMilliwatts = gpu.SetterReturn == NvmlReturn.Success ? gpu.LimitMade(milliwatts) : gpu.PowerLimitMilliwatts;
        return gpu.SetterReturn;
    }

    public NvmlReturn LockClocksMegahertz(nint device, uint lowest, uint highest)
    {
        FakeGpu gpu = gpus[device];
        gpu.Settings.Add($"lock {lowest}-{highest}");
        gpu.ClockMegahertz = gpu.SetterReturn == NvmlReturn.Success ? highest : gpu.ClockMegahertz;
        return gpu.SetterReturn;
    }

    public NvmlReturn UnlockClocks(nint device)
    {
        FakeGpu gpu = gpus[device];
        gpu.Settings.Add("unlock");
        gpu.ClockMegahertz = gpu.SetterReturn == NvmlReturn.Success ? gpu.Clocks[^1] : gpu.ClockMegahertz;
        return gpu.SetterReturn;
    }

    public void Dispose() => IsDisposed = true;

    private uint Milliwatts(FakeGpu gpu, uint field)
    {
        double refresh = gpu.RefreshAtOrBefore(Now);
        double window = field == NvmlField.PowerInstant ? 0.025 : 1;
        return (uint)Math.Round((gpu.JoulesAt(refresh) - gpu.JoulesAt(refresh - window)) / window * 1e3);
    }

    private void Pass(double seconds)
    {
        if (clock is FakeTimeProvider fake)
        {
            fake.Advance(TimeSpan.FromSeconds(seconds));
        }
    }
}
