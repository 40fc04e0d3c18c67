using System.Globalization;
using GreenServe.Records.Runs;

namespace GreenServe.Metering.Nvml;

/// <summary>Passes every call on to the driver and writes it down, so that a test can replay a real GPU.</summary>
/// <remarks>Each row says when the call was made, how long it took, and what came back. <see cref="Header"/> names the columns.</remarks>
internal sealed class RecordingNvml : INvml
{
    internal const string Header = "seconds,call,device,argument,duration_seconds,return,value,timestamp_microseconds";

    /// <summary>The most rows that are written. Further ones are counted: a recording is a fixture for tests, not a log.</summary>
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

    public NvmlResult<string> DriverVersion() => Text(new Call("driver_version"), nvml.DriverVersion);

    public NvmlResult<uint> DeviceCount() => Timed(new Call("device_count"), nvml.DeviceCount, count => count);

    public NvmlResult<nint> DeviceByIndex(uint index)
    {
        NvmlResult<nint> device = nvml.DeviceByIndex(index);
        lock (gate)
        {
            names[device.Value] = index.ToString(CultureInfo.InvariantCulture);
        }

        return device;
    }

    public NvmlResult<string> Name(nint device) => Text(new Call("name", device), () => nvml.Name(device));

    public NvmlResult<string> Uuid(nint device) => nvml.Uuid(device);

    public NvmlResult<uint> Architecture(nint device) =>
        Timed(new Call("architecture", device), () => nvml.Architecture(device), value => value);

    public NvmlResult<bool> IsDivided(nint device) => nvml.IsDivided(device);

    public NvmlResult<IReadOnlyList<string>> InstanceUuids(nint device) => nvml.InstanceUuids(device);

    public NvmlResult<ulong> TotalEnergyMillijoules(nint device) =>
        Timed(new Call("energy", device), () => nvml.TotalEnergyMillijoules(device), value => value);

    public NvmlResult<uint> PowerMilliwatts(nint device) =>
        Timed(new Call("power_usage", device), () => nvml.PowerMilliwatts(device), value => value);

    public NvmlReturn FieldValues(nint device, Span<NvmlFieldValue> fields)
    {
        double before = clock.Seconds;
        NvmlReturn answer = nvml.FieldValues(device, fields);
        double duration = clock.Seconds - before;
        foreach (NvmlFieldValue field in fields)
        {
            NvmlReturn own = answer == NvmlReturn.Success ? field.Return : answer;
            Call call = new("field", device, $"{field.FieldId}:{field.ScopeId}");
            Write(call, before, duration, new Answer(own, field.Number, field.TimestampMicroseconds));
        }

        return answer;
    }

    public NvmlResult<IReadOnlyList<(ulong Microseconds, double Milliwatts)>> PowerSamples(nint device, ulong afterMicroseconds)
    {
        double before = clock.Seconds;
        NvmlResult<IReadOnlyList<(ulong Microseconds, double Milliwatts)>> samples = nvml.PowerSamples(device, afterMicroseconds);
        double duration = clock.Seconds - before;
        Write(new Call("samples", device), before, duration, new Answer(samples.Return, samples.Value.Count));
        foreach ((ulong microseconds, double milliwatts) in samples.Value)
        {
            Write(new Call("sample", device), before, 0, new Answer(samples.Return, milliwatts, (long)microseconds));
        }

        return samples;
    }

    public NvmlResult<uint> ClockMegahertz(nint device, NvmlClock domain) =>
        Timed(new Call("clock", device, $"{(int)domain}"), () => nvml.ClockMegahertz(device, domain), value => value);

    public NvmlResult<uint> HighestClockMegahertz(nint device, NvmlClock domain) =>
        Timed(new Call("highest_clock", device, $"{(int)domain}"), () => nvml.HighestClockMegahertz(device, domain), value => value);

    public NvmlResult<uint[]> MemoryClocksMegahertz(nint device) => nvml.MemoryClocksMegahertz(device);

    public NvmlResult<uint[]> GraphicsClocksMegahertz(nint device, uint memoryClockMegahertz) =>
        nvml.GraphicsClocksMegahertz(device, memoryClockMegahertz);

    public NvmlResult<ulong> ClockEventReasons(nint device) =>
        Timed(new Call("clock_event_reasons", device), () => nvml.ClockEventReasons(device), value => value);

    public NvmlResult<ulong> HeldBackNanoseconds(nint device, NvmlPolicy policy) =>
        Timed(new Call("held_back", device, $"{(int)policy}"), () => nvml.HeldBackNanoseconds(device, policy), value => value);

    public NvmlResult<uint> TemperatureCelsius(nint device) =>
        Timed(new Call("temperature", device), () => nvml.TemperatureCelsius(device), value => value);

    public NvmlResult<NvmlUtilization> UtilizationPercent(nint device) =>
        Timed(new Call("utilization", device), () => nvml.UtilizationPercent(device), value => value.Gpu);

    public NvmlResult<NvmlMemory> Memory(nint device) =>
        Timed(new Call("memory_used", device), () => nvml.Memory(device), value => value.Used);

    public NvmlResult<uint> ProcessCount(nint device) =>
        Timed(new Call("process_count", device), () => nvml.ProcessCount(device), value => value);

    public NvmlResult<uint> PowerLimitMilliwatts(nint device) =>
        Timed(new Call("power_limit", device), () => nvml.PowerLimitMilliwatts(device), value => value);

    public NvmlResult<uint> EnforcedPowerLimitMilliwatts(nint device) =>
        Timed(new Call("enforced_power_limit", device), () => nvml.EnforcedPowerLimitMilliwatts(device), value => value);

    public NvmlResult<uint> DefaultPowerLimitMilliwatts(nint device) =>
        Timed(new Call("default_power_limit", device), () => nvml.DefaultPowerLimitMilliwatts(device), value => value);

    public NvmlResult<(uint Lowest, uint Highest)> PowerLimitRangeMilliwatts(nint device) => nvml.PowerLimitRangeMilliwatts(device);

    /// <summary>Refuses to set anything, because a recording only looks.</summary>
    public NvmlReturn SetPowerLimitMilliwatts(nint device, uint milliwatts) => NvmlReturn.NoPermission;

    /// <summary>Refuses to set anything, because a recording only looks.</summary>
    public NvmlReturn LockClocksMegahertz(nint device, uint lowest, uint highest) => NvmlReturn.NoPermission;

    /// <summary>Refuses to set anything, because a recording only looks.</summary>
    public NvmlReturn UnlockClocks(nint device) => NvmlReturn.NoPermission;

    public void Dispose()
    {
        nvml.Dispose();
        lock (gate)
        {
            if (rows > MaxRows)
            {
                WriteLine($"{clock.Seconds:0.######},rows_left_out,,,0,Success,{rows - MaxRows},0");
            }

            writer.Dispose();
        }
    }

    private NvmlResult<string> Text(Call call, Func<NvmlResult<string>> ask)
    {
        NvmlResult<string> result = ask();
        lock (gate)
        {
            WriteLine($"{clock.Seconds:0.######},{call.Name},{Device(call)},{result.Value.Replace(',', ' ')},0,{result.Return},,0");
        }

        return result;
    }

    private NvmlResult<T> Timed<T>(Call call, Func<NvmlResult<T>> ask, Func<T, double> number)
    {
        double before = clock.Seconds;
        NvmlResult<T> result = ask();
        Write(call, before, clock.Seconds - before, new Answer(result.Return, result.IsSuccess ? number(result.Value) : null));
        return result;
    }

    private void Write(Call call, double seconds, double duration, Answer answer)
    {
        lock (gate)
        {
            if (++rows <= MaxRows)
            {
                FormattableString asked = $"{seconds:0.######},{call.Name},{Device(call)},{call.Argument},{duration:0.########}";
                FormattableString answered = $"{answer.Return},{answer.Value:R},{answer.TimestampMicroseconds ?? 0}";
                WriteLine($"{asked.ToString(CultureInfo.InvariantCulture)},{answered.ToString(CultureInfo.InvariantCulture)}");
            }
        }
    }

    private void WriteLine(FormattableString line) => writer.Write(line.ToString(CultureInfo.InvariantCulture) + "\n");

    private string? Device(Call call) => call.Device is { } device ? names.GetValueOrDefault(device) : null;

    /// <summary>A call as the first columns of its row have it.</summary>
    /// <param name="Name">What was asked for.</param>
    /// <param name="Device">The handle of the device; <c>null</c> for a call about no device.</param>
    /// <param name="Argument">The further argument; <c>null</c> for none.</param>
    private readonly record struct Call(string Name, nint? Device = null, string? Argument = null);

    /// <summary>The result of a call, as the last columns of its row.</summary>
    /// <param name="Return">The return code.</param>
    /// <param name="Value">The value; <c>null</c> if the call failed.</param>
    /// <param name="TimestampMicroseconds">
    /// The time that the driver gave with the value (µs of the wall clock); <c>null</c> if it gave none, which the file shows as 0.
    /// </param>
    private readonly record struct Answer(NvmlReturn Return, double? Value, long? TimestampMicroseconds = null);
}
