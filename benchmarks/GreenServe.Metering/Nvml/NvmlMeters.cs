using GreenServe.Records.Measurements;

namespace GreenServe.Metering.Nvml;

/// <summary>Finds the GPUs and the meters of each.</summary>
internal static class NvmlMeters
{
    /// <summary>The gain error of the sensors on the boards, as a share. Source: Yang, Adamek, Armour, arXiv 2312.02741.</summary>
    internal const double GainErrorRatio = 0.05;

    /// <summary>NVML's number of the Ampere generation.</summary>
    private const uint Ampere = 7;

    /// <summary>
    /// The boards with a GA100 chip. It alone among the Ampere chips reports instant power. Source: NVML API reference,
    /// nvmlDeviceGetPowerUsage.
    /// </summary>
    private static readonly string[] Ga100Boards = ["A100", "A800", "A30"];

    private static readonly (uint Field, uint Scope)[] PowerFields =
    [
        (NvmlField.PowerAverage, NvmlField.ScopeGpu),
        (NvmlField.PowerInstant, NvmlField.ScopeGpu),
        (NvmlField.PowerAverage, NvmlField.ScopeMemory),
        (NvmlField.PowerAverage, NvmlField.ScopeModule),
    ];

    /// <summary>Finds every GPU of this machine.</summary>
    /// <param name="nvml">The library of the driver, which this call initializes.</param>
    /// <returns>
    /// The GPUs that answer, and an entry with the reason for each that does not. If NVML or a driver is missing, there is no GPU
    /// and one entry.
    /// </returns>
    internal static (IReadOnlyList<GpuDevice> Gpus, IReadOnlyList<MeterDescription> NotMeasured) FindGpus(INvml nvml)
    {
        NvmlReturn answer = nvml.Initialize();
        if (answer != NvmlReturn.Success)
        {
            return ([], [Missing("gpu.energy", MeterScope.Gpu, null, "NVML", NvmlMessages.Of(answer))]);
        }

        NvmlResult<uint> count = nvml.DeviceCount();
        if (!count.IsSuccess || count.Value == 0)
        {
            string why = count.IsSuccess ? "the NVIDIA driver is loaded but has no GPU to show" : NvmlMessages.Of(count.Return);
            return ([], [Missing("gpu.energy", MeterScope.Gpu, null, "NVML", why)]);
        }

        NvmlResult<string> driver = nvml.DriverVersion();
        List<GpuDevice> gpus = [];
        List<MeterDescription> missing = [];
        for (uint index = 0; index < count.Value; index++)
        {
            NvmlResult<nint> handle = nvml.DeviceByIndex(index);
            if (!handle.IsSuccess)
            {
                string why = NvmlMessages.Of(handle.Return);
                missing.Add(Missing($"gpu{index}.energy", MeterScope.Gpu, $"GPU {index}", "NVML total energy counter", why));
                continue;
            }

            NvmlResult<string> name = nvml.Name(handle.Value);
            NvmlResult<string> uuid = nvml.Uuid(handle.Value);
            gpus.Add(new GpuDevice(
                nvml,
                handle.Value,
                (int)index,
                name.IsSuccess ? name.Value : "NVIDIA GPU",
                uuid.IsSuccess ? uuid.Value : null,
                driver.IsSuccess ? driver.Value : "not known"));
        }

        return (gpus, missing);
    }

    /// <summary>Finds the sources of one GPU.</summary>
    /// <param name="gpu">The GPU.</param>
    /// <param name="withSamples">Whether the power samples of the driver are kept too.</param>
    /// <param name="wallClock">The clock by which the driver stamps them.</param>
    /// <returns>The sources, and the meters that the GPU does not offer, each with the reason.</returns>
    internal static (IReadOnlyList<IMeterSource> Sources, IReadOnlyList<MeterDescription> NotMeasured) SourcesOf(
        GpuDevice gpu, bool withSamples, TimeProvider wallClock)
    {
        List<IMeterSource> sources = [];
        List<MeterDescription> missing = [];
        Dictionary<(uint Field, uint Scope), NvmlReturn> answers = AskFields(gpu);
        bool hasModule = answers[(NvmlField.PowerAverage, NvmlField.ScopeModule)] == NvmlReturn.Success;

        NvmlEnergySource energy = new(gpu, hasModule);
        NvmlReturn counter = gpu.Nvml.TotalEnergyMillijoules(gpu.Handle).Return;
        if (counter == NvmlReturn.Success)
        {
            sources.Add(energy);
        }
        else
        {
            missing.Add(energy.Meters[0] with { NotMeasured = NvmlMessages.Of(counter) });
        }

        (uint Field, uint Scope)[] offered = [.. PowerFields.Where(field => answers[field] == NvmlReturn.Success)];
        foreach ((uint Field, uint Scope) field in PowerFields.Except(offered))
        {
            missing.Add(Power(gpu, field.Field, field.Scope) with { NotMeasured = NvmlMessages.Of(answers[field]) });
        }

        AddPower(gpu, sources, missing, offered);
        if (withSamples)
        {
            sources.Add(new NvmlSamplesSource(gpu, wallClock));
        }

        sources.Add(new NvmlStateSource(gpu));
        return (sources, missing);
    }

    /// <summary>Describes the meter of a power field.</summary>
    /// <param name="gpu">The GPU.</param>
    /// <param name="field">The field, <see cref="NvmlField.PowerAverage"/> or <see cref="NvmlField.PowerInstant"/>.</param>
    /// <param name="scope">The part of the board, <see cref="NvmlField.ScopeGpu"/> for all of it.</param>
    internal static MeterDescription Power(GpuDevice gpu, uint field, uint scope)
    {
        bool isAverage = field == NvmlField.PowerAverage;
        (string suffix, MeterScope meterScope, string part) = scope switch
        {
            NvmlField.ScopeMemory => ("memory_power", MeterScope.GpuMemory, "memory "),
            NvmlField.ScopeModule => ("module_power", MeterScope.Module, "module "),
            _ => (isAverage ? "power" : "power_instant", MeterScope.Gpu, ""),
        };
        return new MeterDescription
        {
            Name = $"{gpu.Name}.{suffix}",
            Scope = meterScope,
            Method = isAverage ? $"NVML {part}power averaged over 1 s" : $"NVML {part}instant power",
            Device = gpu.Description,
            AveragingSeconds = isAverage ? 1 : null,
            GainErrorRatio = GainErrorRatio,
            CeilingWatts = meterScope == MeterScope.Module ? null : gpu.CeilingWatts,
            Note = Note(gpu, isAverage ? null : "sees about a quarter of the time on A100 and H100: for the shape, not for energy"),
        };
    }

    /// <summary>Describes the meter of the old call for power, which averages on some generations and not on others.</summary>
    internal static MeterDescription PowerUsage(GpuDevice gpu)
    {
        bool isGa100 = Ga100Boards.Any(board => gpu.Model.Contains(board, StringComparison.Ordinal));
        bool isAverage = gpu.Nvml.Architecture(gpu.Handle) is { IsSuccess: true, Value: >= Ampere } && !isGa100;
        uint field = isAverage ? NvmlField.PowerAverage : NvmlField.PowerInstant;
        return Power(gpu, field, NvmlField.ScopeGpu) with { Name = $"{gpu.Name}.power" };
    }

    /// <summary>The note that a reader of a GPU's numbers needs; <c>null</c> for none.</summary>
    /// <param name="gpu">The GPU.</param>
    /// <param name="other">What must be known of the meter; <c>null</c> for nothing.</param>
    internal static string? Note(GpuDevice gpu, string? other)
    {
        string? divided = gpu.IsDivided ? "the GPU is divided (MIG): this covers all its instances together, none alone" : null;
        return divided is null ? other : other is null ? divided : $"{divided}; {other}";
    }

    /// <summary>Describes a meter that cannot be read.</summary>
    internal static MeterDescription Missing(string name, MeterScope scope, string? device, string method, string why) =>
        new() { Name = name, Scope = scope, Device = device, Method = method, NotMeasured = why };

    private static void AddPower(
        GpuDevice gpu, List<IMeterSource> sources, List<MeterDescription> missing, (uint Field, uint Scope)[] offered)
    {
        if (offered.Length > 0)
        {
            sources.Add(new NvmlPowerSource(gpu, offered));
        }

        bool hasAverage = offered.Contains(PowerFields[0]);
        if (!hasAverage && gpu.Nvml.PowerMilliwatts(gpu.Handle).IsSuccess)
        {
            // The old call stands in for the field; it is measured after all.
            missing.RemoveAll(meter => meter.Name == $"{gpu.Name}.power");
            sources.Add(new NvmlPowerUsageSource(gpu));
        }
    }

    private static Dictionary<(uint Field, uint Scope), NvmlReturn> AskFields(GpuDevice gpu)
    {
        NvmlFieldValue[] values = [.. PowerFields.Select(field => new NvmlFieldValue { FieldId = field.Field, ScopeId = field.Scope })];
        NvmlReturn answer = gpu.Nvml.FieldValues(gpu.Handle, values);
        return PowerFields.Index().ToDictionary(
            pair => pair.Item, pair => answer == NvmlReturn.Success ? values[pair.Index].Return : answer);
    }
}
