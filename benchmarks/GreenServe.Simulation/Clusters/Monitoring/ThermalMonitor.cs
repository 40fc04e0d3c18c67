namespace GreenServe.Simulation.Clusters.Monitoring;

/// <summary>Follows the temperatures of all servers, second by second.</summary>
internal sealed class ThermalMonitor
{
    private readonly Facility facility;
    private readonly ThermalModel model;
    private readonly MonitoredServer[] servers;
    private readonly int[] aisleOf;
    private readonly string[] aisles;
    private readonly double[] aisleJoules;
    private readonly double[] airflowRatios;
    private readonly RowEntry[] opaqueRows;
    private double maxGpuCelsius;
    private double maxInletCelsius;
    private double throttledSeconds;
    private double airShortSeconds;
    private int throttledTimes;

    /// <summary>Begins at the temperature of the inlets.</summary>
    /// <param name="facility">What surrounds the servers, with constants of a thermal model.</param>
    /// <param name="constants">The constants of the thermal model.</param>
    /// <param name="servers">The servers.</param>
    internal ThermalMonitor(Facility facility, ThermalEntry constants, MonitoredServer[] servers)
    {
        this.facility = facility;
        this.servers = servers;
        model = new ThermalModel(constants);
        aisles = [.. facility.AisleNames];
        aisleOf = [.. servers.Select(server => server.View.Row is { } row ? Array.IndexOf(aisles, facility.Rows[row].Aisle) : -1)];
        opaqueRows = [.. facility.RowNames.Select(row => facility.Rows[row]).Where(row => row.Opaque is not null)];
        aisleJoules = new double[aisles.Length];
        airflowRatios = new double[aisles.Length];
        maxGpuCelsius = constants.InletCelsius;
        maxInletCelsius = constants.InletCelsius;
    }

    /// <summary>Air that the servers of a row's aisle need over the air that there is; <c>null</c> where the row has no aisle.</summary>
    internal double? AirflowRatio(string row) =>
        facility.Rows[row].Aisle is { } aisle ? airflowRatios[Array.IndexOf(aisles, aisle)] : null;

    /// <summary>Warms or cools every server after a reading.</summary>
    /// <param name="fromSeconds">Time of the reading before, in seconds from the start of the run.</param>
    /// <param name="seconds">Time since then, in seconds.</param>
    internal void Step(double fromSeconds, double seconds)
    {
        Breathe(fromSeconds, seconds);
        for (int number = 0; number < servers.Length; number++)
        {
            MonitoredServer server = servers[number];
            double inlet = model.InletCelsius(aisleOf[number] < 0 ? 0 : airflowRatios[aisleOf[number]]);
            throttledTimes += server.Warm(model, inlet, seconds) ? 1 : 0;
            throttledSeconds += server.GpuCelsius >= model.ThrottleCelsius ? seconds : 0;
            maxGpuCelsius = Math.Max(maxGpuCelsius, server.GpuCelsius);
            maxInletCelsius = Math.Max(maxInletCelsius, inlet);
        }
    }

    /// <summary>The temperatures of the run.</summary>
    internal ThermalTotals Summarise() => new(maxGpuCelsius, maxInletCelsius, throttledSeconds, throttledTimes, airShortSeconds);

    private void Breathe(double fromSeconds, double seconds)
    {
        Array.Clear(aisleJoules);
        for (int number = 0; number < servers.Length; number++)
        {
            if (aisleOf[number] >= 0)
            {
                aisleJoules[aisleOf[number]] += servers[number].GpuJoules + servers[number].HostJoules;
            }
        }

        foreach (RowEntry row in opaqueRows)
        {
            if (Array.IndexOf(aisles, row.Aisle) is >= 0 and int aisle)
            {
                aisleJoules[aisle] += row.OpaqueWatts(fromSeconds) * seconds;
            }
        }

        for (int aisle = 0; aisle < aisles.Length; aisle++)
        {
            double cooled = facility.Thermal!.Aisles[aisles[aisle]].CooledWatts * facility.AirflowShare(aisles[aisle], fromSeconds);
            airflowRatios[aisle] = aisleJoules[aisle] / seconds / cooled;
            airShortSeconds += airflowRatios[aisle] > 1 ? seconds : 0;
        }
    }
}
