using System.Globalization;
using GreenServe.Records.Measurements;

namespace GreenServe.Metering.Rapl;

/// <summary>RAPL through perf events, where permission allows only that. The kernel undoes the wraps itself, in 64 bits.</summary>
/// <remarks>
/// Events, scale and cpumask lie under /sys/bus/event_source/devices/power. Source: Linux kernel, arch/x86/events/rapl.c.
/// </remarks>
internal sealed class PerfRaplSource : IMeterSource
{
    /// <summary>Error numbers of the kernel (errno) that have a remedy or an explanation.</summary>
    private const int NotPermitted = 1;
    private const int NoSuchEntry = 2;
    private const int AccessDenied = 13;
    private const int NoSuchDevice = 19;

    private static readonly RaplEvent[] Events =
    [
        new("energy-pkg", "package", MeterScope.CpuPackage),
        new("energy-cores", "core", MeterScope.CpuCore),
        new("energy-gpu", "uncore", MeterScope.CpuUncore),
        new("energy-ram", "dram", MeterScope.Dram),
        new("energy-psys", "psys", MeterScope.Psys),
    ];

    private readonly IPerfEvents perf;
    private readonly List<(int Handle, double JoulesPerCount)> counters = [];
    private readonly List<MeterDescription> meters = [];

    private PerfRaplSource(IPerfEvents perf) => this.perf = perf;

    public string Name => "rapl-perf";

    public IReadOnlyList<MeterDescription> Meters => meters;

    public SamplingNeed Need => SamplingNeed.EachRefresh;

    /// <summary>Opens every event of every package.</summary>
    /// <param name="files">The files of the host.</param>
    /// <param name="perf">The performance counters of the kernel.</param>
    /// <returns>The source, or <c>null</c> with the reason.</returns>
    internal static (PerfRaplSource? Source, string? Reason) Open(SystemFiles files, IPerfEvents perf)
    {
        string unit = files.PathOf("sys/bus/event_source/devices/power");
        if (!uint.TryParse(SystemFiles.ReadLine(Path.Combine(unit, "type")), out uint type))
        {
            return (null, "the kernel has no perf unit named power");
        }

        int[] processors = [.. Processors(SystemFiles.ReadLine(Path.Combine(unit, "cpumask")) ?? "0")];
        PerfRaplSource source = new(perf);
        string? refusal = null;
        foreach (RaplEvent raplEvent in Events)
        {
            string? reason = source.OpenEvent(raplEvent, type, unit, processors);
            refusal ??= reason;
        }

        return source.counters.Count > 0 ? (source, null) : (null, refusal ?? "the perf unit has no energy event");
    }

    public void Read(ReadingBatch batch)
    {
        for (int index = 0; index < counters.Count; index++)
        {
            if (perf.Read(counters[index].Handle) is { } count)
            {
                batch.Add(index, count * counters[index].JoulesPerCount);
            }
            else
            {
                batch.Fail(index, new ReadingFailure("read-failed", $"{Meters[index].Name}: the kernel did not hand out the counter"));
            }
        }
    }

    public void Dispose() => counters.ForEach(counter => perf.Close(counter.Handle));

    /// <summary>Opens an event on every package that counts it.</summary>
    /// <returns>Why the kernel refused the event; <c>null</c> if it is open, or if the unit does not have it.</returns>
    private string? OpenEvent(RaplEvent raplEvent, uint type, string unit, int[] processors)
    {
        if (Configuration(unit, raplEvent.File) is not { } found)
        {
            return null;
        }

        // Only the first processor of a package counts for the platform; the others repeat it.
        string? refusal = null;
        int[] onProcessors = raplEvent.Scope == MeterScope.Psys ? processors[..1] : processors;
        for (int package = 0; package < onProcessors.Length; package++)
        {
            PerfEventOpening opening = perf.Open(type, found.Configuration, onProcessors[package]);
            if (opening.Handle is { } handle)
            {
                counters.Add((handle, found.JoulesPerCount));
                meters.Add(Describe(raplEvent, package));
            }
            else
            {
                refusal ??= Refusal(opening.Error);
            }
        }

        return refusal;
    }

    private static MeterDescription Describe(RaplEvent raplEvent, int package)
    {
        string zone = raplEvent.Scope == MeterScope.Psys ? "psys" : $"package-{package}";
        string name = raplEvent.Scope is MeterScope.Psys or MeterScope.CpuPackage ? zone : $"{zone}.{raplEvent.Label}";
        return new MeterDescription
        {
            Name = $"rapl.{name}",
            Scope = raplEvent.Scope,
            Method = "RAPL counter through perf events",
            Device = name.Replace('.', ' '),
            IsCounter = true,
        };
    }

    /// <summary>The number of an event, from text such as <c>event=0x02</c>, and its unit in joules.</summary>
    /// <returns><c>null</c> if the unit does not have the event.</returns>
    private static (ulong Configuration, double JoulesPerCount)? Configuration(string unit, string name)
    {
        string? text = SystemFiles.ReadLine(Path.Combine(unit, "events", name));
        string? scale = SystemFiles.ReadLine(Path.Combine(unit, "events", $"{name}.scale"));
        const string Prefix = "event=0x";
        return text is not null && text.StartsWith(Prefix, StringComparison.Ordinal)
            && ulong.TryParse(text[Prefix.Length..], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong configuration)
            && double.TryParse(scale, NumberStyles.Float, CultureInfo.InvariantCulture, out double joules)
            ? (configuration, joules)
            : null;
    }

    /// <summary>The numbers of processors, one for each package, from text such as <c>0,28</c> or <c>0-1</c>.</summary>
    private static IEnumerable<int> Processors(string mask)
    {
        foreach (string part in mask.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            int[] ends = [.. part.Split('-').Select(text => int.TryParse(text, out int number) ? number : 0)];
            for (int processor = ends[0]; processor <= ends[^1]; processor++)
            {
                yield return processor;
            }
        }
    }

    private static string Refusal(int? error) => error switch
    {
        NotPermitted or AccessDenied =>
            "perf events of the processor are refused too: sudo sysctl kernel.perf_event_paranoid=0, or setcap cap_perfmon=ep",
        NoSuchDevice or NoSuchEntry => "the processor's perf unit does not offer energy here",
        _ => $"perf_event_open failed with error {error}",
    };

    /// <summary>An energy event of the perf unit.</summary>
    /// <param name="File">The name of its file under <c>events</c>.</param>
    /// <param name="Label">What it counts, as the last part of the name of its meter.</param>
    /// <param name="Scope">What its joules cover.</param>
    private sealed record RaplEvent(string File, string Label, MeterScope Scope);
}
