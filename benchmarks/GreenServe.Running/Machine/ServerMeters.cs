using GreenServe.Metering.Discovery;
using GreenServe.Metering.Remote;
using GreenServe.Records;
using GreenServe.Records.EnergyAccounting;
using GreenServe.Records.Http;
using GreenServe.Records.Measurements;
using GreenServe.Records.Systems;

namespace GreenServe.Running.Machine;

/// <summary>The meters that see the energy of the server of a point. Meters that see other machines or no machine are left out.</summary>
/// <remarks>
/// <para>A simulated server is metered by its own simulated meter and by nothing else.</para>
/// <para>
/// Any other server is metered by what the user asked for. Without a choice it is metered by this machine's meters if it runs here and one
/// of them is a GPU's. Otherwise the server's own metrics are used where they show energy under the names of dcgm-exporter, and after them
/// the other meters of this machine. Metrics of a simulation are refused: they measure nothing, and the server would pass as a real one.
/// </para>
/// </remarks>
internal sealed class ServerMeters : IDisposable
{
    private readonly bool isOwner;

    private ServerMeters(MeterCatalog catalog, bool areOfThisMachine, string? note = null)
    {
        Catalog = catalog;
        Note = note;
        AreOfThisMachine = areOfThisMachine;
        isOwner = !areOfThisMachine;
    }

    /// <summary>The meters.</summary>
    internal MeterCatalog Catalog { get; }

    /// <summary>Whether the meters are those of this machine or those that the user chose.</summary>
    internal bool AreOfThisMachine { get; }

    /// <summary>Whether the server runs on this machine, as far as its addresses show.</summary>
    internal bool IsServerHere { get; private set; }

    /// <summary>Whose meters are read, for the record; <c>null</c> where the user chose them or none is read.</summary>
    internal string? Note { get; }

    /// <summary>Whether a simulated server computes the readings.</summary>
    internal bool AreSimulated => Catalog.Meters.Any(meter => meter.IsSimulated);

    /// <summary>
    /// What the key of a baseline begins with, so that a baseline of other devices is never taken for that of this machine; empty for
    /// this machine. A simulated device has another name in each process of a server.
    /// </summary>
    internal string BaselineKey => AreOfThisMachine ? "" : string.Concat(
        Catalog.Meters.Select(meter => meter.Device).OfType<string>().Distinct().Select(device => $"{device} "));

    /// <summary>Chooses the meters of a server. The context's notices report every choice that is not the plain one.</summary>
    /// <param name="isSimulated">Whether the server says that it only simulates.</param>
    /// <param name="metrics">The address of the server's metrics; several for a server with several endpoints.</param>
    /// <param name="machine">The meters of this machine, or those that the user chose. The caller disposes them.</param>
    /// <param name="context">Policy and notices.</param>
    /// <param name="cancellationToken">Stops the look-up of the server's name.</param>
    /// <exception cref="UnavailableException">The meters of a simulated server would be read for one that is not simulated.</exception>
    internal static async Task<ServerMeters> ChooseAsync(
        bool isSimulated, IReadOnlyList<Uri> metrics, MeterCatalog machine, MeasurementContext context, CancellationToken cancellationToken)
    {
        bool isHere = true;
        foreach (Uri address in metrics)
        {
            isHere &= await HostSockets.LeadHereAsync(address, cancellationToken).ConfigureAwait(false);
        }

        ServerMeters chosen = Choose(isSimulated, isHere, metrics, machine, context);
        chosen.IsServerHere = isHere;
        return chosen;
    }

    /// <summary>Chooses the meters of a server of which it is known whether it runs on this machine.</summary>
    internal static ServerMeters Choose(
        bool isSimulated, bool isHere, IReadOnlyList<Uri> metrics, MeterCatalog machine, MeasurementContext context)
    {
        MeterOptions? asked = context.Policy.Meters;
        if (asked is { UsesThisMachine: false, Remotes.Count: 0, Prometheus.Count: 0, Models.Count: 0 })
        {
            return new ServerMeters(machine, areOfThisMachine: true);
        }

        if (isSimulated)
        {
            if (asked is not null)
            {
                context.Notices.Report("The server is simulated: its own simulated meter is read, and none of --meters.");
            }

            return new ServerMeters(
                OfServer(metrics) ?? MeterCatalog.Empty("the server is simulated and shows no energy"), areOfThisMachine: false);
        }

        if (asked is not null)
        {
            return machine.Meters.FirstOrDefault(meter => meter.IsSimulated) is { } simulated
                ? throw new UnavailableException(
                    $"{simulated.Name} is the meter of a simulated server, and the server of this run is not simulated: "
                    + "give other --meters.")
                : new ServerMeters(machine, areOfThisMachine: true);
        }

        // A meter of a processor does not keep the GPUs of the server's own metrics from being read.
        return isHere && machine.Meters.Any(meter => meter is { NotMeasured: null, Scope: MeterScope.Gpu or MeterScope.Module })
            ? OfThisMachine(machine, metrics)
            : OfForeignServer(metrics, isHere, machine, context.Notices);
    }

    /// <summary>The speed of the hosts of a server that does not run on this machine, from the meters that are served there.</summary>
    /// <param name="hosts">Names or addresses of the hosts.</param>
    internal HostSpeed SpeedOfHosts(IReadOnlyList<string> hosts) => hosts switch
    {
        [var host] => Catalog.SpeedOf(host)
            ?? HostSpeed.Unknown($"the server runs on {host}, and no greenserve meters serve there says how fast that host is"),
        _ => HostSpeed.Unknown($"the server runs on several hosts: {string.Join(", ", hosts)}"),
    };

    /// <inheritdoc />
    public void Dispose()
    {
        if (isOwner)
        {
            Catalog.Dispose();
        }
    }

    /// <summary>The meters of this machine. Where a forwarded port ends cannot be seen, so the record says what was believed.</summary>
    private static ServerMeters OfThisMachine(MeterCatalog machine, IReadOnlyList<Uri> metrics) => new(
        machine,
        areOfThisMachine: true,
        $"energy is that of this machine, to which {string.Join(", ", metrics.Select(address => address.Authority))} leads; "
            + "a port forwarded to another machine cannot be told from a server here");

    private static ServerMeters OfForeignServer(IReadOnlyList<Uri> metrics, bool isHere, MeterCatalog machine, IProgress<string> notices)
    {
        string host = metrics[0].IdnHost;
        string addresses = string.Join(", ", metrics.Select(HttpAddress.Shown));
        string where = isHere
            ? "no meter of a GPU of this machine can be read"
            : metrics.Count > 1 ? "the servers do not all run on this machine, whose meters see no others"
            : $"the server runs on {host}, and the meters of this machine do not see it";
        if (OfServer(metrics) is { } own)
        {
            if (own.Meters.Any(meter => meter.IsSimulated))
            {
                own.Dispose();
                throw new UnavailableException(
                    $"The server's metrics at {addresses} are those of a simulation, and its model list does not say that it is simulated: "
                    + "give the address of the simulated server itself, or --meters of a server that is not simulated.");
            }

            notices.Report($"Energy is read from the server's own metrics at {addresses}: {where}.");
            return new ServerMeters(own, areOfThisMachine: false, $"energy is that of the server's own metrics at {addresses}");
        }

        if (isHere && machine.Meters.Any(meter => meter.NotMeasured is null && HeadlineScope.Order.Contains(meter.Scope)))
        {
            return OfThisMachine(machine, metrics);
        }

        string what = isHere
            ? "Give --meters dcgm=URL for a dcgm-exporter, or see why with: greenserve meters."
            : $"Give --meters dcgm=http://{host}:9400/metrics if a dcgm-exporter runs there, "
                + $"or --meters none --meters remote=http://{host}:9490 with greenserve meters serve there. "
                + "If the address leads to this machine after all, give --meters gpu=all.";
        where = isHere ? "no meter of this machine can be read" : where;
        notices.Report($"Energy is not measured: {where}. {what}");
        return isHere
            ? new ServerMeters(machine, areOfThisMachine: true)
            : new ServerMeters(MeterCatalog.Empty(where), areOfThisMachine: false);
    }

    /// <summary>
    /// The meters that the endpoints of a server show in their metrics under the names of dcgm-exporter; <c>null</c> unless all show some.
    /// </summary>
    private static MeterCatalog? OfServer(IReadOnlyList<Uri> metrics)
    {
        try
        {
            return MeterCatalog.Discover(MeterOptions.None with { Prometheus = [.. metrics.SelectMany(PrometheusTarget.Dcgm)] });
        }
        catch (Exception exception) when (exception is UnavailableException or InvalidInputException)
        {
            return null;
        }
    }
}
