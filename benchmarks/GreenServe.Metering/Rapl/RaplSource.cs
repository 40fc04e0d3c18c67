using GreenServe.Records.Measurements;

namespace GreenServe.Metering.Rapl;

/// <summary>RAPL zones read through the power capping tree of the kernel.</summary>
/// <remarks>
/// The registers have 32 bits in units of 15.3 or 61 µJ and refresh about every millisecond. Vendors state no gain error. With SGX or
/// the filter bit set, the processor adds noise to readings at short intervals on purpose.
/// </remarks>
internal sealed class RaplSource : IMeterSource
{
    private readonly (NumberFile File, RaplAccumulator Accumulator)[] zones;

    private RaplSource(IReadOnlyList<(RaplZone Zone, NumberFile File, ulong Range)> opened, bool isVirtual)
    {
        zones = [.. opened.Select(item => (item.File, new RaplAccumulator(item.Range)))];
        Meters = [.. opened.Select(item => Describe(item.Zone, isVirtual))];
        Need = new SamplingNeed { LongestIntervalSeconds = zones.Min(zone => zone.Accumulator.LongestIntervalSeconds) };
    }

    public string Name => "rapl";

    public IReadOnlyList<MeterDescription> Meters { get; }

    public SamplingNeed Need { get; }

    /// <summary>Opens every zone that can be opened.</summary>
    /// <param name="files">The files of the host.</param>
    /// <returns>
    /// The source, or <c>null</c> if no zone can be read; and every zone that cannot be read, with the reason and the remedy.
    /// </returns>
    internal static (RaplSource? Source, IReadOnlyList<MeterDescription> NotMeasured) Open(SystemFiles files)
    {
        IReadOnlyList<RaplZone> all = RaplZones.Find(files);
        bool isVirtual = files.IsVirtualMachine;
        if (all.Count == 0)
        {
            string why = isVirtual
                ? "this is a virtual machine, and its host does not pass RAPL through"
                : "the kernel shows no RAPL zone in /sys/class/powercap: modprobe intel_rapl_msr (also for AMD), or the processor has none";
            return (null, [Missing("rapl.package-0", MeterScope.CpuPackage, why)]);
        }

        List<(RaplZone Zone, NumberFile File, ulong Range)> opened = [];
        List<MeterDescription> missing = [];
        foreach (RaplZone zone in all)
        {
            string? why = RaplZones.RepetitionReason(zone, all) ?? TryOpen(files, zone, opened) ?? MirrorReason(opened);
            if (why is not null)
            {
                bool isNameTaken = missing.Exists(other => other.Name == zone.MeterName);
                string name = isNameTaken ? $"{zone.MeterName}.{missing.Count}" : zone.MeterName;
                missing.Add(Missing(name, zone.Scope, why) with { Device = Device(zone) });
            }
        }

        return (opened.Count > 0 ? new RaplSource(opened, isVirtual) : null, missing);
    }

    public void Read(ReadingBatch batch)
    {
        for (int index = 0; index < zones.Length; index++)
        {
            try
            {
                if (zones[index].File.Read() is { } microjoules and >= 0)
                {
                    zones[index].Accumulator.Take((ulong)microjoules, batch.NowSeconds, index, batch);
                }
                else
                {
                    batch.Fail(index, new ReadingFailure("not-a-number", $"{Meters[index].Name} holds no number"));
                }
            }
            catch (IOException exception)
            {
                batch.Fail(index, new ReadingFailure("read-failed", $"{Meters[index].Name}: {exception.Message}"));
            }
        }
    }

    public void Dispose()
    {
        foreach ((NumberFile file, _) in zones)
        {
            file.Dispose();
        }
    }

    /// <summary>
    /// Why the zone opened last counts nothing of its own; <c>null</c> if it does. Some processors show one counter for each of their dies.
    /// </summary>
    private static string? MirrorReason(List<(RaplZone Zone, NumberFile File, ulong Range)> opened)
    {
        (RaplZone zone, NumberFile file, _) = opened[^1];
        (RaplZone Zone, NumberFile File, ulong Range) mirrored = opened.Take(opened.Count - 1)
            .FirstOrDefault(other => other.Zone.Scope == zone.Scope && RaplMirror.AreOne(other.File.Read, file.Read));
        if (mirrored.Zone is null)
        {
            return null;
        }

        file.Dispose();
        opened.RemoveAt(opened.Count - 1);
        return $"shows the counter of {mirrored.Zone.MeterName}, which is counted once";
    }

    /// <summary>Opens a zone and adds it to the open ones.</summary>
    /// <returns>Why the zone cannot be read; <c>null</c> if it is open.</returns>
    private static string? TryOpen(SystemFiles files, RaplZone zone, List<(RaplZone Zone, NumberFile File, ulong Range)> opened)
    {
        string? range = SystemFiles.ReadLine(Path.Combine(zone.Path, "max_energy_range_uj"));
        if (!ulong.TryParse(range, out ulong microjoules) || microjoules == 0)
        {
            return "its max_energy_range_uj cannot be read, so a wrap of the counter would go unseen";
        }

        try
        {
            opened.Add((zone, files.OpenNumber(zone.EnergyFile), microjoules));
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return PermissionRemedy(zone.EnergyFile);
        }
        catch (IOException exception)
        {
            return exception.Message;
        }
    }

    /// <summary>Says how to be allowed to read a file of RAPL, with the exact commands.</summary>
    /// <remarks>The kernel shows RAPL to root alone since the PLATYPUS attack (CVE-2020-8694, CVE-2020-12912).</remarks>
    private static string PermissionRemedy(string energyFile) =>
        $"{energyFile} may be read by root alone since kernel 5.10 (PLATYPUS side channel). " +
        "Either: sudo chmod a+r /sys/class/powercap/*rapl*/energy_uj (until the next boot); " +
        "or: sudo sysctl kernel.perf_event_paranoid=0 (perf events then serve instead); " +
        "or: sudo setcap cap_perfmon=ep on the greenserve executable; or run as root. " +
        "Each opens the side channel to those it lets in";

    private static MeterDescription Describe(RaplZone zone, bool isVirtual) => new()
    {
        Name = zone.MeterName,
        Scope = zone.Scope,
        Method = zone.IsMmio ? "RAPL counter through powercap (memory-mapped)" : "RAPL counter through powercap",
        Device = Device(zone),
        IsCounter = true,
        Note = isVirtual ? "read inside a virtual machine: not to be trusted without a meter at the wall" : null,
    };

    private static string Device(RaplZone zone) => zone.Label == zone.Package ? zone.Label : $"{zone.Package} {zone.Label}";

    private static MeterDescription Missing(string name, MeterScope scope, string why) =>
        new() { Name = name, Scope = scope, Method = "RAPL counter through powercap", IsCounter = true, NotMeasured = why };
}
