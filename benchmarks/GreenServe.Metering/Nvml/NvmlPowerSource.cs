using GreenServe.Records.Measurements;

namespace GreenServe.Metering.Nvml;

/// <summary>Averaged, instant, memory and module power of one GPU, read by one call.</summary>
/// <remarks>
/// On an H200 (driver 580) every field refreshes each 100 ms, and a call takes microseconds. The average covers the last second. The
/// instant reading sees a quarter of the time.
/// </remarks>
internal sealed class NvmlPowerSource : IMeterSource
{
    private readonly GpuDevice gpu;
    private readonly (uint Field, uint Scope)[] fields;
    private readonly NvmlFieldValue[] values;

    /// <summary>Prepares to read the fields that this GPU answers.</summary>
    internal NvmlPowerSource(GpuDevice gpu, IReadOnlyList<(uint Field, uint Scope)> fields)
    {
        this.gpu = gpu;
        this.fields = [.. fields];
        values = new NvmlFieldValue[fields.Count];
        Name = $"{gpu.Name}.power";
        Meters = [.. fields.Select(field => NvmlMeters.Power(gpu, field.Field, field.Scope))];
    }

    public string Name { get; }

    public IReadOnlyList<MeterDescription> Meters { get; }

    public SamplingNeed Need => SamplingNeed.EachRefresh;

    public void Read(ReadingBatch batch)
    {
        for (int index = 0; index < fields.Length; index++)
        {
            values[index] = new NvmlFieldValue { FieldId = fields[index].Field, ScopeId = fields[index].Scope };
        }

        NvmlReturn answer = gpu.Nvml.FieldValues(gpu.Handle, values);
        for (int index = 0; index < fields.Length; index++)
        {
            NvmlReturn own = answer == NvmlReturn.Success ? values[index].Return : answer;
            if (own == NvmlReturn.Success && values[index].Number is { } milliwatts)
            {
                batch.Add(index, DeviceUnits.WattsOfMilliwatts(milliwatts));
            }
            else
            {
                NvmlReturn failure = own == NvmlReturn.Success ? NvmlReturn.NoData : own;
                batch.Fail(index, NvmlMessages.Failure(failure, $"{gpu.Description}, {Meters[index].Method}"));
            }
        }
    }

    public void Dispose()
    {
    }
}
