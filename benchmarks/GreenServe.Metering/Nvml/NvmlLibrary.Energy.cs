using System.Runtime.InteropServices;

namespace GreenServe.Metering.Nvml;

/// <summary>The calls that read energy and power.</summary>
internal sealed partial class NvmlLibrary
{
    /// <summary>NVML_TOTAL_POWER_SAMPLES.</summary>
    private const int TotalPowerSamples = 0;

    public NvmlResult<ulong> TotalEnergyMillijoules(nint device)
    {
        ulong energy = 0;
        NvmlReturn answer = Has(nameof(nvmlDeviceGetTotalEnergyConsumption))
            ? nvmlDeviceGetTotalEnergyConsumption(device, out energy)
            : NvmlReturn.FunctionNotFound;
        return new(answer, energy);
    }

    public NvmlResult<uint> PowerMilliwatts(nint device) => new(nvmlDeviceGetPowerUsage(device, out uint power), power);

    public NvmlReturn FieldValues(nint device, Span<NvmlFieldValue> fields) => Has(nameof(nvmlDeviceGetFieldValues))
        ? nvmlDeviceGetFieldValues(device, fields.Length, fields)
        : NvmlReturn.FunctionNotFound;

    public NvmlResult<IReadOnlyList<(ulong Microseconds, double Milliwatts)>> PowerSamples(nint device, ulong afterMicroseconds)
    {
        uint room = 0;
        NvmlReturn answer = nvmlDeviceGetSamples(device, TotalPowerSamples, afterMicroseconds, out _, ref room, []);
        if (answer != NvmlReturn.Success || room == 0)
        {
            return new(answer, []);
        }

        NvmlSample[] samples = new NvmlSample[room];
        answer = nvmlDeviceGetSamples(device, TotalPowerSamples, afterMicroseconds, out uint type, ref room, samples);
        List<(ulong Microseconds, double Milliwatts)> found = [];
        foreach (NvmlSample sample in samples.AsSpan(0, (int)Math.Min(room, (uint)samples.Length)))
        {
            if (NvmlValue.Number(type, sample.Bits) is { } milliwatts)
            {
                found.Add((sample.TimestampMicroseconds, milliwatts));
            }
        }

        return new(answer, found);
    }

    [LibraryImport(Library)]
    private static partial NvmlReturn nvmlDeviceGetTotalEnergyConsumption(nint device, out ulong millijoules);

    [LibraryImport(Library)]
    private static partial NvmlReturn nvmlDeviceGetPowerUsage(nint device, out uint milliwatts);

    [LibraryImport(Library)]
    private static partial NvmlReturn nvmlDeviceGetFieldValues(nint device, int count, Span<NvmlFieldValue> values);

    [LibraryImport(Library)]
    private static partial NvmlReturn nvmlDeviceGetSamples(
        nint device, int type, ulong lastSeenMicroseconds, out uint valueType, ref uint count, Span<NvmlSample> samples);
}
