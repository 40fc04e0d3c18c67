using GreenServe.Records.Measurements;

namespace GreenServe.Metering.Nvml;

/// <summary>The energy counter of one GPU.</summary>
/// <remarks>
/// The counter of a GPU counts millijoules since the driver was loaded; it exists on Volta and newer GPUs. On an H200 (driver 580) the
/// counter refreshes every 100 ms, and reading it takes about 3 ms. The gain error of the sensor is about 5 % (Yang, Adamek, Armour,
/// arXiv 2312.02741). On Grace Hopper the counter covers the module.
/// </remarks>
internal sealed class NvmlEnergySource : IMeterSource
{
    private readonly GpuDevice gpu;

    internal NvmlEnergySource(GpuDevice gpu, bool coversModule)
    {
        this.gpu = gpu;
        Name = $"{gpu.Name}.energy";
        Meters =
        [
            new MeterDescription
            {
                Name = Name,
                Scope = coversModule ? MeterScope.Module : MeterScope.Gpu,
                Method = "NVML total energy counter",
                Device = gpu.Description,
                IsCounter = true,
                GainErrorRatio = NvmlMeters.GainErrorRatio,
                CeilingWatts = coversModule ? null : gpu.CeilingWatts,
                Note = NvmlMeters.Note(gpu, coversModule ? "on boards with a Grace processor the counter covers the whole module" : null),
            },
        ];
    }

    public string Name { get; }

    public IReadOnlyList<MeterDescription> Meters { get; }

    public SamplingNeed Need => SamplingNeed.EachRefresh;

    public void Read(ReadingBatch batch)
    {
        NvmlResult<ulong> energy = gpu.Nvml.TotalEnergyMillijoules(gpu.Handle);
        if (energy.IsSuccess)
        {
            batch.Add(0, DeviceUnits.JoulesOfMillijoules(energy.Value));
        }
        else
        {
            batch.Fail(0, NvmlMessages.Failure(energy.Return, $"{gpu.Description}, energy counter"));
        }
    }

    public void Dispose()
    {
    }
}
