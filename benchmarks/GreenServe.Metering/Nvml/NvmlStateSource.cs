using GreenServe.Records.Measurements;
using static GreenServe.Metering.DeviceUnits;

namespace GreenServe.Metering.Nvml;

/// <summary>Clocks, temperature, utilisation, memory, limits and throttling of one GPU. What it does not offer is left out.</summary>
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
        Take(batch, "sm_clock_megahertz", () => Number(nvml.ClockMegahertz(gpu.Handle, NvmlClock.StreamingMultiprocessor)));
        Take(batch, "memory_clock_megahertz", () => Number(nvml.ClockMegahertz(gpu.Handle, NvmlClock.Memory)));
        Take(batch, "temperature_celsius", () => Number(nvml.TemperatureCelsius(gpu.Handle)));
        Take(batch, "memory_temperature_celsius", MemoryTemperature);
        Take(batch, "clock_event_reasons", () => nvml.ClockEventReasons(gpu.Handle) is var answer ? new(answer.Return, answer.Value) : default);
        Take(batch, "power_limit_watts", () => nvml.EnforcedPowerLimitMilliwatts(gpu.Handle) is var answer ? new(answer.Return, WattsOfMilliwatts(answer.Value)) : default);
        Take(batch, "memory_used_bytes", () => nvml.Memory(gpu.Handle) is var answer ? new(answer.Return, answer.Value.Used) : default);
        foreach ((NvmlPolicy policy, string quantity) in Policies)
        {
            Take(batch, quantity, () => nvml.HeldBackNanoseconds(gpu.Handle, policy) is var answer ? new(answer.Return, SecondsOfNanoseconds(answer.Value)) : default);
        }

        if (unsupported.Contains("utilization_ratio"))
        {
            return;
        }

        NvmlResult<NvmlUtilization> utilization = nvml.UtilizationPercent(gpu.Handle);
        Take(batch, "utilization_ratio", () => new(utilization.Return, utilization.Value.Gpu / 100.0));
        Take(batch, "memory_utilization_ratio", () => new(utilization.Return, utilization.Value.Memory / 100.0));
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
        return new(answer == NvmlReturn.Success ? field[0].Return : answer, field[0].Number ?? double.NaN);
    }

    private static NvmlResult<double> Number(NvmlResult<uint> result) => new(result.Return, result.Value);
}
