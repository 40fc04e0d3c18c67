using GreenServe.Metering.Nvml;
using GreenServe.Metering.Remote;
using GreenServe.Metering.Sampling;
using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;

namespace GreenServe.Metering.Discovery;

/// <summary>Every meter that a run could use, or the reason why it cannot. Owns what discovery found until it is disposed.</summary>
public sealed class MeterCatalog : IDisposable
{
    private readonly Dictionary<IMeterSource, RefreshSearch> searches = [];
    private readonly List<IDisposable> owned;

    internal MeterCatalog(
        IReadOnlyList<IMeterSource> sources,
        IReadOnlyList<MeterDescription> notMeasured,
        IReadOnlyList<GpuDevice> gpus,
        IEnumerable<IDisposable> owned)
    {
        Sources = sources;
        NotMeasured = notMeasured;
        Gpus = gpus;
        this.owned = [.. owned];
    }

    /// <summary>The sources that can be read.</summary>
    public IReadOnlyList<IMeterSource> Sources { get; }

    /// <summary>The meters that cannot be read, each with the reason.</summary>
    public IReadOnlyList<MeterDescription> NotMeasured { get; }

    /// <summary>Every meter, readable or not.</summary>
    public IReadOnlyList<MeterDescription> Meters => [.. Sources.SelectMany(source => source.Meters), .. NotMeasured];

    /// <summary>The GPUs chosen, in the order chosen; empty if there are none.</summary>
    public IReadOnlyList<GpuDevice> Gpus { get; }

    /// <summary>Notices of the discovery for the user, one line each; usually empty.</summary>
    /// <remarks>Examples are a GPU that a crashed run had left changed, and a power model that is not used.</remarks>
    public IReadOnlyList<string> Notices { get; init; } = [];

    /// <summary>The clock of the machine, by which its meters are read and waited for.</summary>
    internal TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Looks for the meters of this machine, and for the remote meters asked for.</summary>
    /// <param name="options">Which meters to use; <c>null</c> for every meter of this machine.</param>
    /// <exception cref="Records.InvalidInputException">
    /// A GPU that was asked for is not there, or the series of an exporter cannot be taken for devices.
    /// </exception>
    /// <exception cref="Records.UnavailableException">A remote meter does not answer.</exception>
    public static MeterCatalog Discover(MeterOptions? options = null) =>
        MeterDiscovery.Run(options ?? new MeterOptions(), MachineAccess.Real);

    /// <summary>How fast another host is, as its <c>greenserve meters serve</c> says.</summary>
    /// <param name="host">Name or address of the host, as in the address of its meters.</param>
    /// <returns>The speed; <c>null</c> where no meter of that host is read, or where it does not say how fast it is.</returns>
    public HostSpeed? SpeedOf(string host) => Sources.OfType<RemoteMeterSource>()
        .FirstOrDefault(source => source.AskedHost.Equals(host, StringComparison.OrdinalIgnoreCase))?.HostSpeed;

    /// <summary>A catalog without a meter of the GPUs.</summary>
    /// <param name="reason">Why their energy is not measured, for people.</param>
    public static MeterCatalog Empty(string reason) => new(
        [], [new MeterDescription { Name = "gpu", Scope = MeterScope.Gpu, Method = "none", NotMeasured = reason }], [], []);

    /// <summary>Looks for meters like <see cref="Discover"/>, and writes down every call to NVML for a test to replay.</summary>
    /// <param name="options">Which meters to use; <c>null</c> for every meter of this machine.</param>
    /// <param name="clock">The clock of the times written.</param>
    /// <param name="writer">Receives the calls as CSV; closed with the catalog.</param>
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

    /// <summary>What the last recording found of the refresh period of a source; <c>null</c> if no recording has looked for it.</summary>
    internal RefreshSearch? LastSearch(IMeterSource source) => searches.GetValueOrDefault(source);

    /// <summary>Keeps what a recording found of the refresh period of a source, for the next recording.</summary>
    internal void Keep(IMeterSource source, RefreshSearch search) => searches[source] = search;
}
