using GreenServe.Records.Measurements;

namespace GreenServe.Metering.Nvml;

/// <summary>Power of one GPU by the old call, for drivers without power fields.</summary>
/// <remarks>
/// The call gives a mean over one second on Ampere (except GA100) and newer, and instant power before. Source: NVML API reference,
/// nvmlDeviceGetPowerUsage.
/// </remarks>
internal sealed class NvmlPowerUsageSource(GpuDevice gpu) : IMeterSource
{
    public string Name { get; } = $"{gpu.Name}.power";

    public IReadOnlyList<MeterDescription> Meters { get; } = [NvmlMeters.PowerUsage(gpu)];

    public SamplingNeed Need => SamplingNeed.EachRefresh;

    public void Read(ReadingBatch batch)
    {
        NvmlResult<uint> power = gpu.Nvml.PowerMilliwatts(gpu.Handle);
        if (power.IsSuccess)
        {
            batch.Add(0, DeviceUnits.WattsOfMilliwatts(power.Value));
        }
        else
        {
            batch.Fail(0, NvmlMessages.Failure(power.Return, $"{gpu.Description}, power"));
        }
    }

    public void Dispose()
    {
    }
}
