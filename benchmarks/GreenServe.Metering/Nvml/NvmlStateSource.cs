using GreenServe.Records.Measurements;

namespace GreenServe.Metering.Nvml;

/// <summary>Clocks, temperature, utilisation, memory, limits and throttling of one GPU.</summary>
/// <remarks>A state that the GPU does not offer is left out.</remarks>
internal sealed class NvmlStateSource(GpuDevice gpu) : IMeterSource
{
    private static readonly (NvmlPolicy Policy, string Quantity)[] Policies =
    [
        (NvmlPolicy.Power, "held_back_by_power_seconds"),
        (NvmlPolicy.Thermal, "held_back_by_heat_seconds"),
        (NvmlPolicy.BoardLimit, "held_back_by_board_seconds"),
        (NvmlPolicy.Reliability, "held_back_by_reliability_seconds"),
    ];

    private readonly HashSet<string> unsupported = [];

    public string Name { get; } = $"{gpu.Name}.state";

    public IReadOnlyList<MeterDescription> Meters => [];

    public SamplingNeed Need => SamplingNeed.EachSecond;

    public void Read(ReadingBatch batch)
    {
        INvml nvml = gpu.Nvml;
        Take(batch, "sm_clock_megahertz", () => Number(nvml.ClockMegahertz(gpu.Handle, NvmlClock.StreamingMultiprocessor), clock => clock));
        Take(batch, "memory_clock_megahertz", () => Number(nvml.ClockMegahertz(gpu.Handle, NvmlClock.Memory), clock => clock));
        Take(batch, "temperature_celsius", () => Number(nvml.TemperatureCelsius(gpu.Handle), celsius => celsius));
        Take(batch, "memory_temperature_celsius", MemoryTemperature);
        Take(batch, "clock_event_reasons", () => Number(nvml.ClockEventReasons(gpu.Handle), reasons => reasons));
        Take(
            batch,
            "power_limit_watts",
            () => Number(nvml.EnforcedPowerLimitMilliwatts(gpu.Handle), milliwatts => DeviceUnits.WattsOfMilliwatts(milliwatts)));
        Take(batch, "memory_used_bytes", () => Number(nvml.Memory(gpu.Handle), memory => memory.Used));
        foreach ((NvmlPolicy policy, string quantity) in Policies)
        {
            Take(
                batch,
                quantity,
                () => Number(nvml.HeldBackNanoseconds(gpu.Handle, policy), nanoseconds => DeviceUnits.SecondsOfNanoseconds(nanoseconds)));
        }

        if (unsupported.Contains("utilization_ratio"))
        {
            return;
        }

        NvmlResult<NvmlUtilization> utilization = nvml.UtilizationPercent(gpu.Handle);
        Take(batch, "utilization_ratio", () => Number(utilization, busy => busy.Gpu / 100.0));
        Take(batch, "memory_utilization_ratio", () => Number(utilization, busy => busy.Memory / 100.0));
    }

    public void Dispose()
    {
    }

    private void Take(ReadingBatch batch, string quantity, Func<NvmlResult<double>> read)
    {
        if (unsupported.Contains(quantity))
        {
            return;
        }

        NvmlResult<double> result = read();
        if (result.IsSuccess)
        {
            batch.AddState(gpu.Name, quantity, result.Value);
        }
        else if (result.Return is NvmlReturn.NotSupported or NvmlReturn.FunctionNotFound or NvmlReturn.NoPermission)
        {
            unsupported.Add(quantity);
        }
    }

    private NvmlResult<double> MemoryTemperature()
    {
        NvmlFieldValue[] field = [new NvmlFieldValue { FieldId = NvmlField.MemoryTemperature }];
        NvmlReturn answer = gpu.Nvml.FieldValues(gpu.Handle, field);
        NvmlReturn own = answer == NvmlReturn.Success ? field[0].Return : answer;
        return own == NvmlReturn.Success && field[0].Number is { } celsius
            ? new(own, celsius)
            : new(own == NvmlReturn.Success ? NvmlReturn.NoData : own, default);
    }

    private static NvmlResult<double> Number<T>(NvmlResult<T> result, Func<T, double> convert) =>
        new(result.Return, result.IsSuccess ? convert(result.Value) : default);
}
