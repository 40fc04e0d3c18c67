using System.Globalization;
using GreenServe.Records.Runs;

namespace GreenServe.Metering.Nvml;

/// <summary>Passes every call on and writes down when, how long and what came back, so that a real GPU can be replayed in a test.</summary>
/// <remarks>Columns: <c>seconds,call,device,argument,duration_seconds,return,value,timestamp_microseconds</c>.</remarks>
internal sealed class RecordingNvml : INvml
{
    internal const string Header = "seconds,call,device,argument,duration_seconds,return,value,timestamp_microseconds";

    /// <summary>Rows beyond this are counted and not written: a recording is a fixture, not a log.</summary>
    private const int MaxRows = 150_000;

    private readonly INvml nvml;
    private readonly RunClock clock;
    private readonly Lock gate = new();
    private readonly TextWriter writer;
    private readonly Dictionary<nint, string> names = [];
    private long rows;

    internal RecordingNvml(INvml nvml, RunClock clock, TextWriter writer)
    {
        this.nvml = nvml;
        this.clock = clock;
        this.writer = writer;
        writer.Write(Header + "\n");
    }

    public NvmlReturn Initialize() => nvml.Initialize();

    public NvmlResult<string> DriverVersion() => Text("driver_version", 0, nvml.DriverVersion);

    public NvmlResult<uint> DeviceCount() => Number("device_count", 0, "", nvml.DeviceCount);

    public NvmlResult<nint> DeviceByIndex(uint index)
    {
        NvmlResult<nint> device = nvml.DeviceByIndex(index);
        lock (gate)
        {
            names[device.Value] = index.ToString(CultureInfo.InvariantCulture);
        }

        return device;
    }

    public NvmlResult<string> Name(nint device) => Text("name", device, () => nvml.Name(device));

    public NvmlResult<string> Uuid(nint device) => nvml.Uuid(device);

    public NvmlResult<uint> Architecture(nint device) => Number("architecture", device, "", () => nvml.Architecture(device));

    public NvmlResult<bool> IsDivided(nint device) => nvml.IsDivided(device);

    public NvmlResult<IReadOnlyList<string>> InstanceUuids(nint device) => nvml.InstanceUuids(device);

    public NvmlResult<ulong> TotalEnergyMillijoules(nint device) => Number("energy", device, "", () => nvml.TotalEnergyMillijoules(device));

    public NvmlResult<uint> PowerMilliwatts(nint device) => Number("power_usage", device, "", () => nvml.PowerMilliwatts(device));

    public NvmlReturn FieldValues(nint device, Span<NvmlFieldValue> fields)
    {
        double before = clock.Seconds;
        NvmlReturn answer = nvml.FieldValues(device, fields);
        double duration = clock.Seconds - before;
        foreach (NvmlFieldValue field in fields)
        {
            NvmlReturn own = answer == NvmlReturn.Success ? field.Return : answer;
            Write(before, "field", device, $"{field.FieldId}:{field.ScopeId}", duration, own, field.Number, field.TimestampMicroseconds);
        }

        return answer;
    }

    public NvmlResult<IReadOnlyList<(ulong Microseconds, double Milliwatts)>> PowerSamples(nint device, ulong afterMicroseconds)
    {
        double before = clock.Seconds;
        NvmlResult<IReadOnlyList<(ulong Microseconds, double Milliwatts)>> samples = nvml.PowerSamples(device, afterMicroseconds);
        double duration = clock.Seconds - before;
        Write(before, "samples", device, "", duration, samples.Return, samples.Value.Count, 0);
        foreach ((ulong microseconds, double milliwatts) in samples.Value)
        {
            Write(before, "sample", device, "", 0, samples.Return, milliwatts, (long)microseconds);
        }

        return samples;
    }

    public NvmlResult<uint> ClockMegahertz(nint device, NvmlClock domain) =>
        Number("clock", device, $"{(int)domain}", () => nvml.ClockMegahertz(device, domain));

    public NvmlResult<uint> HighestClockMegahertz(nint device, NvmlClock domain) =>
        Number("highest_clock", device, $"{(int)domain}", () => nvml.HighestClockMegahertz(device, domain));

    public NvmlResult<uint[]> MemoryClocksMegahertz(nint device) => nvml.MemoryClocksMegahertz(device);

    public NvmlResult<uint[]> GraphicsClocksMegahertz(nint device, uint memoryClockMegahertz) =>
        nvml.GraphicsClocksMegahertz(device, memoryClockMegahertz);

    public NvmlResult<ulong> ClockEventReasons(nint device) => Number("clock_event_reasons", device, "", () => nvml.ClockEventReasons(device));

    public NvmlResult<ulong> HeldBackNanoseconds(nint device, NvmlPolicy policy) =>
        Number("held_back", device, $"{(int)policy}", () => nvml.HeldBackNanoseconds(device, policy));

    public NvmlResult<uint> TemperatureCelsius(nint device) => Number("temperature", device, "", () => nvml.TemperatureCelsius(device));

    public NvmlResult<NvmlUtilization> UtilizationPercent(nint device) =>
        Timed("utilization", device, "", () => nvml.UtilizationPercent(device), value => value.Gpu);

    public NvmlResult<NvmlMemory> Memory(nint device) => Timed("memory_used", device, "", () => nvml.Memory(device), value => value.Used);

    public NvmlResult<uint> ProcessCount(nint device) => Number("process_count", device, "", () => nvml.ProcessCount(device));

    public NvmlResult<uint> PowerLimitMilliwatts(nint device) => Number("power_limit", device, "", () => nvml.PowerLimitMilliwatts(device));

    public NvmlResult<uint> EnforcedPowerLimitMilliwatts(nint device) =>
        Number("enforced_power_limit", device, "", () => nvml.EnforcedPowerLimitMilliwatts(device));

    public NvmlResult<uint> DefaultPowerLimitMilliwatts(nint device) =>
        Number("default_power_limit", device, "", () => nvml.DefaultPowerLimitMilliwatts(device));

    public NvmlResult<(uint Lowest, uint Highest)> PowerLimitRangeMilliwatts(nint device) => nvml.PowerLimitRangeMilliwatts(device);

    /// <summary>A recording only looks.</summary>
    public NvmlReturn SetPowerLimitMilliwatts(nint device, uint milliwatts) => NvmlReturn.NoPermission;

    /// <summary>A recording only looks.</summary>
    public NvmlReturn LockClocksMegahertz(nint device, uint lowest, uint highest) => NvmlReturn.NoPermission;

    /// <summary>A recording only looks.</summary>
    public NvmlReturn UnlockClocks(nint device) => NvmlReturn.NoPermission;

    public void Dispose()
    {
        nvml.Dispose();
        lock (gate)
        {
            if (rows > MaxRows)
            {
                writer.Write(string.Create(CultureInfo.InvariantCulture, $"{clock.Seconds:0.######},rows_left_out,,,0,Success,{rows - MaxRows},0\n"));
            }

            writer.Dispose();
        }
    }

    private NvmlResult<uint> Number(string call, nint device, string argument, Func<NvmlResult<uint>> ask) => Timed(call, device, argument, ask, value => value);

    private NvmlResult<ulong> Number(string call, nint device, string argument, Func<NvmlResult<ulong>> ask) => Timed(call, device, argument, ask, value => value);

    private NvmlResult<string> Text(string call, nint device, Func<NvmlResult<string>> ask)
    {
        NvmlResult<string> result = ask();
        lock (gate)
        {
            writer.Write(string.Create(
                CultureInfo.InvariantCulture, $"{clock.Seconds:0.######},{call},{Device(device)},{result.Value.Replace(',', ' ')},0,{result.Return},,0\n"));
        }

        return result;
    }

    private NvmlResult<T> Timed<T>(string call, nint device, string argument, Func<NvmlResult<T>> ask, Func<T, double> number)
    {
        double before = clock.Seconds;
        NvmlResult<T> result = ask();
        Write(before, call, device, argument, clock.Seconds - before, result.Return, result.IsSuccess ? number(result.Value) : null, 0);
        return result;
    }

    private void Write(double seconds, string call, nint device, string argument, double duration, NvmlReturn answer, double? value, long timestampMicroseconds)
    {
        lock (gate)
        {
            if (++rows <= MaxRows)
            {
                writer.Write(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{seconds:0.######},{call},{Device(device)},{argument},{duration:0.########},{answer},{value:R},{timestampMicroseconds}\n"));
            }
        }
    }

    private string Device(nint device) => names.GetValueOrDefault(device, "");
}
