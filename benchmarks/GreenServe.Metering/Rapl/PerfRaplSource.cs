using System.Globalization;
using GreenServe.Records.Measurements;

namespace GreenServe.Metering.Rapl;

/// <summary>RAPL through perf events, where permission allows only that. The kernel undoes the wraps itself, in 64 bits.</summary>
/// <remarks>Source: Linux kernel, arch/x86/events/rapl.c: events, scale and cpumask under /sys/bus/event_source/devices/power.</remarks>
internal sealed class PerfRaplSource : IMeterSource
{
    private static readonly (string Event, string Label, MeterScope Scope)[] Events =
    [
        ("energy-pkg", "package", MeterScope.CpuPackage),
        ("energy-cores", "core", MeterScope.CpuCore),
        ("energy-gpu", "uncore", MeterScope.CpuUncore),
        ("energy-ram", "dram", MeterScope.Dram),
        ("energy-psys", "psys", MeterScope.Psys),
    ];

    private readonly IPerfEvents perf;
    private readonly List<(int Handle, double JoulesPerCount)> counters;

    private PerfRaplSource(IPerfEvents perf, List<(int Handle, double JoulesPerCount)> counters, List<MeterDescription> meters)
    {
        this.perf = perf;
        this.counters = counters;
        Meters = meters;
    }

    public string Name => "rapl-perf";

    public IReadOnlyList<MeterDescription> Meters { get; }

    public SamplingNeed Need => SamplingNeed.EachRefresh;

    /// <summary>Opens every event of every package.</summary>
    /// <returns>The source, or <c>null</c> with the reason.</returns>
    internal static (PerfRaplSource? Source, string? WhyNot) Open(SystemFiles files, IPerfEvents perf)
    {
        string unit = files.PathOf("sys/bus/event_source/devices/power");
        if (SystemFiles.ReadLine(Path.Combine(unit, "type")) is not { } typeText || !uint.TryParse(typeText, out uint type))
        {
            return (null, "the kernel has no perf unit named power");
        }

        int[] processors = [.. Processors(SystemFiles.ReadLine(Path.Combine(unit, "cpumask")) ?? "0")];
        List<(int, double)> counters = [];
        List<MeterDescription> meters = [];
        string? refusal = null;
        foreach ((string name, string label, MeterScope scope) in Events)
        {
            if (Configuration(unit, name) is not { } found)
            {
                continue;
            }

            // Only the first processor of a package counts for the platform; the others repeat it.
            int[] onProcessors = scope == MeterScope.Psys ? processors[..1] : processors;
            for (int package = 0; package < onProcessors.Length; package++)
            {
                int handle = perf.Open(type, found.Configuration, onProcessors[package]);
                if (handle < 0)
                {
                    refusal ??= Refusal(-handle);
                    continue;
                }

                counters.Add((handle, found.JoulesPerCount));
                meters.Add(Describe(label, scope, package));
            }
        }

        return counters.Count > 0 ? (new PerfRaplSource(perf, counters, meters), null) : (null, refusal ?? "the perf unit has no energy event");
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

    private static MeterDescription Describe(string label, MeterScope scope, int package)
    {
        string zone = scope == MeterScope.Psys ? "psys" : $"package-{package}";
        string name = scope is MeterScope.Psys or MeterScope.CpuPackage ? zone : $"{zone}.{label}";
        return new MeterDescription
        {
            Name = $"rapl.{name}",
            Scope = scope,
            Method = "RAPL counter through perf events",
            Device = name.Replace('.', ' '),
            IsCounter = true,
        };
    }

    /// <summary>Event number from text such as <c>event=0x02</c> and its unit in joules.</summary>
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

    /// <summary>Processor numbers from text such as <c>0,28</c> or <c>0-1</c>: one for each package.</summary>
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

    private static string Refusal(int error) => error switch
    {
        1 or 13 => "perf events of the processor are refused too: sudo sysctl kernel.perf_event_paranoid=0, or setcap cap_perfmon=ep",
        19 or 2 => "the processor's perf unit does not offer energy here",
        _ => $"perf_event_open failed with error {error}",
    };
}
