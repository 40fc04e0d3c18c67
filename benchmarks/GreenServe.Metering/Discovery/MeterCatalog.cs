using GreenServe.Metering.Machine;
using GreenServe.Metering.Nvml;
using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;

namespace GreenServe.Metering.Discovery;

/// <summary>Every meter of this machine that a run could use, or why it cannot. Owns what it found until it is disposed.</summary>
public sealed class MeterCatalog : IDisposable
{
    private readonly Dictionary<IMeterSource, double> refreshSeconds = [];
    private readonly HashSet<IMeterSource> looked = [];
    private readonly List<IDisposable> owned;

    internal MeterCatalog(
        IReadOnlyList<IMeterSource> sources, IReadOnlyList<MeterDescription> notMeasured, IReadOnlyList<GpuDevice> gpus, IEnumerable<IDisposable> owned)
    {
        Sources = sources;
        NotMeasured = notMeasured;
        Gpus = gpus;
        this.owned = [.. owned];
    }

    /// <summary>What can be read.</summary>
    public IReadOnlyList<IMeterSource> Sources { get; }

    /// <summary>What cannot be read, each with the reason.</summary>
    public IReadOnlyList<MeterDescription> NotMeasured { get; }

    /// <summary>Every meter, readable or not.</summary>
    public IReadOnlyList<MeterDescription> Meters => [.. Sources.SelectMany(source => source.Meters), .. NotMeasured];

    /// <summary>The GPUs chosen, in the order chosen; empty if there are none.</summary>
    public IReadOnlyList<GpuDevice> Gpus { get; }

    /// <summary>What was set right on the way, one line each: GPUs that a crashed run had left changed were restored. Usually empty.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];

    /// <summary>Looks at this machine, and at the remote meters asked for.</summary>
    /// <param name="options">Which meters; <c>null</c> for every meter of this machine.</param>
    /// <exception cref="Records.InvalidInputException">A GPU was asked for that is not there, or a remote address is none.</exception>
    /// <exception cref="Records.UnavailableException">A remote meter does not answer.</exception>
    public static MeterCatalog Discover(MeterOptions? options = null) => MeterDiscovery.Run(options ?? new MeterOptions(), MachineAccess.Real);

    /// <summary>Like <see cref="Discover"/>, and writes every call to NVML down, so that this GPU can be replayed in a test.</summary>
    /// <param name="options">Which meters; <c>null</c> for every meter of this machine.</param>
    /// <param name="clock">Clock of the times written.</param>
    /// <param name="writer">Where the calls go, as CSV; closed with the catalog.</param>
    public static MeterCatalog DiscoverAndRecord(MeterOptions? options, RunClock clock, TextWriter writer) => MeterDiscovery.Run(
        options ?? new MeterOptions(), MachineAccess.Real with { OpenNvml = () => new RecordingNvml(new NvmlLibrary(), clock, writer) });

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (IMeterSource source in Sources)
        {
            source.Dispose();
        }

        owned.ForEach(item => item.Dispose());
    }

    /// <summary>Refresh period found by an earlier recording (s); <c>null</c> if there was none.</summary>
    internal double? KnownRefreshSeconds(IMeterSource source) => refreshSeconds.TryGetValue(source, out double known) ? known : null;

    /// <summary>Whether a recording has looked for the source's refresh period, found or not.</summary>
    internal bool HasLooked(IMeterSource source) => looked.Contains(source);

    internal void KeepRefreshSeconds(IMeterSource source, double? found)
    {
        looked.Add(source);
        if (found is { } seconds)
        {
            refreshSeconds[source] = seconds;
        }
    }
}
