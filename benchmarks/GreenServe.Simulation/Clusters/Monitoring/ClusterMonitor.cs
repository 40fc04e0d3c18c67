using GreenServe.Records.Grids;
using GreenServe.Records.Measurements;
using GreenServe.Simulation.Control;

namespace GreenServe.Simulation.Clusters.Monitoring;

/// <summary>
/// Reads the servers of a running cluster at every whole second. It keeps the power of the last minute, holds rows against their budgets,
/// follows temperatures, and integrates carbon and cost.
/// </summary>
/// <remarks>
/// A change of the cluster at a whole second belongs to the second that it begins: call <see cref="AdvanceTo"/> before it takes effect.
/// Budgets and air change at whole seconds. A sample ends where a budget changes, so that its power stands beside the budget that held.
/// </remarks>
internal sealed class ClusterMonitor
{
    private readonly Facility facility;
    private readonly MonitoredServer[] servers;
    private readonly MonitoredRow cluster;
    private readonly MonitoredRow[] rows;
    private readonly GridSignal?[] rowGrids;
    private readonly MonitoredSite[] sites;
    private readonly bool hasBudget;
    private readonly int[] rowOf;
    private readonly double[] rowGpuJoules;
    private readonly double[] rowHostJoules;
    private readonly int[] siteOf;
    private readonly double[] siteJoules;
    private readonly ThermalMonitor? thermal;
    private readonly Action<ClusterSample>? emit;
    private readonly double sampleSeconds;
    private readonly double[] budgetsWatts;
    private double nowSeconds;
    private double sampledSeconds;
    private double nextSampleSeconds;

    /// <summary>Begins to read.</summary>
    /// <param name="facility">What surrounds the servers.</param>
    /// <param name="servers">The servers, by number.</param>
    /// <param name="emit">Receives samples of the cluster, each row and each site; <c>null</c> for nobody.</param>
    /// <param name="sampleSeconds">Time between samples, a whole number of seconds of at least 1.</param>
    internal ClusterMonitor(
        Facility facility, IReadOnlyList<IMeteredServer> servers, Action<ClusterSample>? emit = null, double sampleSeconds = 10)
    {
        this.facility = facility;
        this.emit = emit;
        this.sampleSeconds = sampleSeconds;
        nextSampleSeconds = sampleSeconds;
        this.servers = [.. servers.Select(server => new MonitoredServer(server, facility.Thermal?.InletCelsius ?? 0))];
        IServerView[] views = [.. servers.Select(server => server.View)];
        string[] rowNames = [.. facility.RowNames];
        string[] siteNames = [.. facility.SiteNames];
        rowOf = [.. views.Select(view => Array.IndexOf(rowNames, view.Row))];
        hasBudget = !rowOf.Contains(-1) && facility.Rows.Values.All(row => row.Opaque is null);
        siteOf = [.. views.Select(view => Array.IndexOf(siteNames, view.Site))];
        rowGpuJoules = new double[rowNames.Length];
        rowHostJoules = new double[rowNames.Length];
        siteJoules = new double[siteNames.Length];
        cluster = new MonitoredRow(
            ClusterSample.Cluster, ClusterSample.Cluster, views, servers.Any(server => server.RatedHostWatts is not null));
        rows = [.. rowNames.Select(row => new MonitoredRow(
            row,
            ClusterSample.Row(row),
            [.. views.Where(view => view.Row == row)],
            servers.Any(server => server.View.Row == row && server.RatedHostWatts is not null)))];
        sites = [.. siteNames.Select(site => new MonitoredSite(
            site, [.. views.Where(view => view.Site == site)], facility.Sites[site]))];
        rowGrids = [.. rows.Select(row => row.Servers.Count > 0 && row.Servers[0].Site is { } site ? facility.Sites[site] : null)];
        thermal = facility.Thermal is { } constants ? new ThermalMonitor(facility, constants, this.servers) : null;
        budgetsWatts = new double[rows.Length];
        FindBudgets();
        HoldBudgets();
    }

    /// <summary>The rows as policies observe them, in the order of their names.</summary>
    internal IReadOnlyList<IRowView> Rows => rows;

    /// <summary>The sites as policies observe them, in the order of their names.</summary>
    internal IReadOnlyList<ISiteView> Sites => sites;

    /// <summary>The next time at which servers are to be read, in seconds from the start of the run.</summary>
    internal double NextReadingSeconds { get; private set; } = 1;

    /// <summary>Mean power of the accelerators of a server over the last whole seconds, in watts.</summary>
    /// <param name="server">Number of the server.</param>
    /// <param name="overSeconds">Number of seconds, from 1 to 60.</param>
    internal double GpuWatts(int server, int overSeconds) => servers[server].GpuWatts(overSeconds);

    /// <summary>Temperature of the air at the inlet of a server, in degrees Celsius; <c>null</c> without a thermal model.</summary>
    /// <param name="server">Number of the server.</param>
    internal double? InletCelsius(int server) => thermal is null ? null : servers[server].InletCelsius;

    /// <summary>Temperature of the hottest accelerator of a server, in degrees Celsius; <c>null</c> without a thermal model.</summary>
    /// <param name="server">Number of the server.</param>
    internal double? GpuCelsius(int server) => thermal is null ? null : servers[server].GpuCelsius;

    /// <summary>Reads the servers at every whole second up to a time, which belongs to it.</summary>
    /// <param name="seconds">The time, in seconds from the start of the run.</param>
    /// <param name="unfinishedRequests">Number of unfinished requests, those without an instance included.</param>
    internal void AdvanceTo(double seconds, int unfinishedRequests)
    {
        for (double next = NextReadingSeconds; next <= seconds; next = NextReadingSeconds)
        {
            Step(next);
            bool budgetsChange = FindBudgets();
            if (nextSampleSeconds <= next || budgetsChange)
            {
                Emit(unfinishedRequests);
                nextSampleSeconds += nextSampleSeconds <= next ? sampleSeconds : 0;
            }

            HoldBudgets();
        }
    }

    /// <summary>Ends the run: reads the rest of the last second, and gives the last sample.</summary>
    /// <param name="seconds">End of the run, in seconds from its start.</param>
    /// <param name="unfinishedRequests">Number of unfinished requests, those without an instance included.</param>
    internal MonitorSummary End(double seconds, int unfinishedRequests)
    {
        AdvanceTo(seconds, unfinishedRequests);
        if (seconds > nowSeconds)
        {
            Step(seconds);
        }

        if (nowSeconds > sampledSeconds)
        {
            Emit(unfinishedRequests);
        }

        return new MonitorSummary
        {
            Cluster = cluster.Summarise(),
            Rows = [.. rows.Select(row => row.Summarise())],
            Sites = [.. sites.Select(site => site.Account.Summarise())],
            Thermal = thermal?.Summarise(),
        };
    }

    private void Step(double toSeconds)
    {
        double from = nowSeconds;
        double seconds = toSeconds - from;
        nowSeconds = toSeconds;
        NextReadingSeconds = Math.Floor(toSeconds) + 1;
        Array.Clear(rowGpuJoules);
        Array.Clear(rowHostJoules);
        Array.Clear(siteJoules);
        double gpuJoules = 0;
        double hostJoules = 0;
        for (int number = 0; number < servers.Length; number++)
        {
            MonitoredServer server = servers[number];
            server.Read(toSeconds);
            gpuJoules += server.GpuJoules;
            hostJoules += server.HostJoules;
            if (rowOf[number] >= 0)
            {
                rowGpuJoules[rowOf[number]] += server.GpuJoules;
                rowHostJoules[rowOf[number]] += server.HostJoules;
            }

            if (siteOf[number] >= 0)
            {
                siteJoules[siteOf[number]] += server.GpuJoules + server.HostJoules;
                sites[siteOf[number]].Add(server.GpuJoules);
            }
        }

        cluster.Add(toSeconds, seconds, gpuJoules, hostJoules);
        for (int row = 0; row < rows.Length; row++)
        {
            rows[row].Add(toSeconds, seconds, rowGpuJoules[row], rowHostJoules[row]);
        }

        for (int site = 0; site < sites.Length; site++)
        {
            sites[site].Account.Add(from, toSeconds, siteJoules[site]);
        }

        thermal?.Step(from, seconds);
    }

    /// <summary>Finds the budgets of the second that begins.</summary>
    /// <returns>Whether one of them differs from what has held until now.</returns>
    private bool FindBudgets()
    {
        bool changes = false;
        for (int index = 0; index < rows.Length; index++)
        {
            string row = rows[index].Name;
            budgetsWatts[index] = facility.Rows[row].BudgetWatts * facility.BudgetShare(row, rowGrids[index], nowSeconds);
            changes |= budgetsWatts[index] != rows[index].HeldBudgetWatts;
        }

        return changes;
    }

    /// <summary>Sets budgets and air of the second that begins. The cluster has a budget if all servers stand in rows of its own.</summary>
    private void HoldBudgets()
    {
        for (int index = 0; index < rows.Length; index++)
        {
            MonitoredRow row = rows[index];
            row.HeldBudgetWatts = budgetsWatts[index];
            row.OpaqueWatts = facility.Rows[row.Name].OpaqueWatts(nowSeconds);
            row.AirflowRatio = thermal?.AirflowRatio(row.Name);
        }

        cluster.HeldBudgetWatts = hasBudget ? budgetsWatts.Sum() : null;
    }

    private void Emit(int unfinishedRequests)
    {
        sampledSeconds = nowSeconds;
        if (emit is null)
        {
            return;
        }

        ClusterSample whole = cluster.Sample(nowSeconds);
        emit(whole with { Requests = unfinishedRequests, HeldRequests = unfinishedRequests - whole.Requests });
        foreach (MonitoredRow row in rows)
        {
            emit(row.Sample(nowSeconds));
        }

        foreach (MonitoredSite site in sites)
        {
            emit(site.Sample(nowSeconds));
        }
    }
}
