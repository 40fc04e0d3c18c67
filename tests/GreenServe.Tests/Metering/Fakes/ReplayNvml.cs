using System.Globalization;
using GreenServe.Metering.Nvml;

namespace GreenServe.Tests.Metering.Fakes;

/// <summary>Answers as a recorded GPU did at the same time of the recording; see <see cref="RecordingNvml"/> for the columns.</summary>
internal sealed class ReplayNvml : INvml
{
    private readonly Func<double> nowSeconds;
    private readonly Dictionary<(string Call, string Argument), List<Row>> rows = [];
    private readonly List<Row> samples = [];

    internal ReplayNvml(IEnumerable<string> lines, Func<double> nowSeconds)
    {
        this.nowSeconds = nowSeconds;
        foreach (string[] columns in lines.Where(line => line.Length > 0 && line[0] != '#').Skip(1).Select(line => line.Split(',')))
        {
            string call = columns[1];
            Row row = new(
                Number(columns[0]),
                Number(columns[4]),
                Enum.Parse<NvmlReturn>(columns[5]),
                columns[6].Length > 0 ? Number(columns[6]) : null,
                (ulong)Number(columns[7]),
                columns[3]);
            if (call == "sample")
            {
                samples.Add(row);
                continue;
            }

            // The argument column of a text is its value.
            (string, string) key = (call, call is "name" or "driver_version" ? "" : columns[3]);
            if (!rows.TryGetValue(key, out List<Row>? list))
            {
                rows[key] = list = [];
            }

            list.Add(row);
        }
    }

    /// <summary>Last moment of the recording (s).</summary>
    internal double EndSeconds => rows.Values.Max(list => list[^1].Seconds);

    /// <summary>Recorded durations of a call (s).</summary>
    internal IEnumerable<double> Durations(string call) =>
        rows.Where(pair => pair.Key.Call == call).SelectMany(pair => pair.Value).Select(row => row.Duration);

    public NvmlReturn Initialize() => NvmlReturn.Success;

    public NvmlResult<string> DriverVersion() => new(NvmlReturn.Success, At("driver_version").Argument);

    public NvmlResult<uint> DeviceCount() => new(NvmlReturn.Success, 1);

    public NvmlResult<nint> DeviceByIndex(uint index) => new(NvmlReturn.Success, 1);

    public NvmlResult<string> Name(nint device) => new(NvmlReturn.Success, At("name").Argument);

    public NvmlResult<string> Uuid(nint device) => new(NvmlReturn.Success, "GPU-recorded");

    public NvmlResult<uint> Architecture(nint device) => Whole("architecture");

    public NvmlResult<bool> IsDivided(nint device) => new(NvmlReturn.Success, false);

    public NvmlResult<IReadOnlyList<string>> InstanceUuids(nint device) => new(NvmlReturn.Success, []);

    public NvmlResult<ulong> TotalEnergyMillijoules(nint device) => Whole("energy", value => (ulong)value);

    public NvmlResult<uint> PowerMilliwatts(nint device) => Whole("power_usage");

    public NvmlReturn FieldValues(nint device, Span<NvmlFieldValue> fields)
    {
        foreach (ref NvmlFieldValue field in fields)
        {
            Row row = At("field", $"{field.FieldId}:{field.ScopeId}");
            field.Return = row.Return;
            field.ValueType = 1;
            field.Bits = (ulong)(row.Value ?? 0);
        }

        return NvmlReturn.Success;
    }

    public NvmlResult<IReadOnlyList<(ulong Microseconds, double Milliwatts)>> PowerSamples(nint device, ulong afterMicroseconds) => new(
        NvmlReturn.Success,
        [
            .. samples.Where(row => row.Seconds <= nowSeconds() && row.Microseconds > afterMicroseconds)
                .Select(row => (row.Microseconds, row.Value!.Value)),
        ]);

    public NvmlResult<uint> ClockMegahertz(nint device, NvmlClock domain) => Whole("clock", $"{(int)domain}");

    public NvmlResult<uint> HighestClockMegahertz(nint device, NvmlClock domain) => Whole("highest_clock", $"{(int)domain}");

    public NvmlResult<uint[]> MemoryClocksMegahertz(nint device) => new(NvmlReturn.NotSupported, []);

    public NvmlResult<uint[]> GraphicsClocksMegahertz(nint device, uint memoryClockMegahertz) => new(NvmlReturn.NotSupported, []);

    public NvmlResult<ulong> ClockEventReasons(nint device) => Whole("clock_event_reasons", value => (ulong)value);

    public NvmlResult<ulong> HeldBackNanoseconds(nint device, NvmlPolicy policy) =>
        Whole("held_back", value => (ulong)value, $"{(int)policy}");

    public NvmlResult<uint> TemperatureCelsius(nint device) => Whole("temperature");

    public NvmlResult<NvmlUtilization> UtilizationPercent(nint device) =>
        Whole("utilization", value => new NvmlUtilization { Gpu = (uint)value });

    public NvmlResult<NvmlMemory> Memory(nint device) => Whole("memory_used", value => new NvmlMemory { Used = (ulong)value });

    public NvmlResult<uint> ProcessCount(nint device) => Whole("process_count");

    public NvmlResult<uint> PowerLimitMilliwatts(nint device) => Whole("power_limit");

    public NvmlResult<uint> EnforcedPowerLimitMilliwatts(nint device) => Whole("enforced_power_limit");

    public NvmlResult<uint> DefaultPowerLimitMilliwatts(nint device) => Whole("default_power_limit");

    public NvmlResult<(uint Lowest, uint Highest)> PowerLimitRangeMilliwatts(nint device) => new(NvmlReturn.NotSupported, default);

    public NvmlReturn SetPowerLimitMilliwatts(nint device, uint milliwatts) => NvmlReturn.NoPermission;

    public NvmlReturn LockClocksMegahertz(nint device, uint lowest, uint highest) => NvmlReturn.NoPermission;

    public NvmlReturn UnlockClocks(nint device) => NvmlReturn.NoPermission;

    public void Dispose()
    {
    }

    private NvmlResult<uint> Whole(string call, string argument = "") => Whole(call, value => (uint)value, argument);

    private NvmlResult<T> Whole<T>(string call, Func<double, T> convert, string argument = "")
    {
        Row row = At(call, argument);
        return new(row.Return, convert(row.Value ?? 0));
    }

    /// <summary>The last answer at or before now, or else the first one. A call that was not recorded is not supported.</summary>
    private Row At(string call, string argument = "")
    {
        if (!rows.TryGetValue((call, argument), out List<Row>? list))
        {
            return new Row(0, 0, NvmlReturn.NotSupported, null, 0, "");
        }

        double now = nowSeconds();
        int low = 0;
        int high = list.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = list[middle].Seconds + (list[middle].Duration / 2) <= now ? (middle + 1, high) : (low, middle);
        }

        return list[Math.Max(0, low - 1)];
    }

    private static double Number(string text) => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    private readonly record struct Row(
        double Seconds, double Duration, NvmlReturn Return, double? Value, ulong Microseconds, string Argument);
}
