using GreenServe.Records.Measurements;

namespace GreenServe.Metering.Nvml;

/// <summary>The power readings that the driver takes on its own and keeps in a buffer, for the shape of the power over time.</summary>
/// <remarks>
/// On an H200 (driver 580) it takes one reading each 20 ms and keeps 2.36 s. It stamps them by the wall clock, which is mapped onto the
/// clock of the run at every read.
/// </remarks>
internal sealed class NvmlSamplesSource(GpuDevice gpu, TimeProvider wallClock) : IMeterSource
{
    private ulong lastMicroseconds;

    public string Name { get; } = $"{gpu.Name}.power_samples";

    public IReadOnlyList<MeterDescription> Meters { get; } =
    [
        new MeterDescription
        {
            Name = $"{gpu.Name}.power_samples",
            Scope = MeterScope.Gpu,
            Method = "NVML power sample buffer",
            Device = gpu.Description,
            GainErrorRatio = NvmlMeters.GainErrorRatio,
            CeilingWatts = gpu.CeilingWatts,
            Note = NvmlMeters.Note(gpu, "for the shape of the power over time"),
        },
    ];

    public SamplingNeed Need => SamplingNeed.EachSecond;

    public void Read(ReadingBatch batch)
    {
        NvmlResult<IReadOnlyList<(ulong Microseconds, double Milliwatts)>> samples = gpu.Nvml.PowerSamples(gpu.Handle, lastMicroseconds);
        if (samples.Return is NvmlReturn.NotFound or NvmlReturn.NoData)
        {
            // Nothing new since the last read is no failure.
            return;
        }

        if (!samples.IsSuccess)
        {
            batch.Fail(0, NvmlMessages.Failure(samples.Return, $"{gpu.Description}, power sample buffer"));
            return;
        }

        double wallSeconds = DeviceUnits.SecondsOfMicroseconds((wallClock.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalMicroseconds);
        double wallToRun = batch.NowSeconds - wallSeconds;
        foreach ((ulong microseconds, double milliwatts) in samples.Value.Where(sample => sample.Microseconds > lastMicroseconds))
        {
            batch.AddAt(0, DeviceUnits.WattsOfMilliwatts(milliwatts), DeviceUnits.SecondsOfMicroseconds(microseconds) + wallToRun);
            lastMicroseconds = microseconds;
        }
    }

    public void Dispose()
    {
    }
}
