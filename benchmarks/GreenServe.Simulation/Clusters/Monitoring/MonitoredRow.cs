using GreenServe.Records.Measurements;
using GreenServe.Simulation.Control;

namespace GreenServe.Simulation.Clusters.Monitoring;

/// <summary>Servers whose power is summed up: a row, or the whole cluster. As a row it is what policies observe.</summary>
/// <param name="name">Name of the row or cluster.</param>
/// <param name="scope">The scope of its samples.</param>
/// <param name="servers">Its servers.</param>
/// <param name="statesHost">Whether the power of any of its hosts is stated.</param>
internal sealed class MonitoredRow(string name, string scope, IReadOnlyList<IServerView> servers, bool statesHost) : IRowView
{
    private readonly PowerHistory history = new(startSeconds: 0);
    private readonly PowerAccount account = new(name, statesHost);
    private double sampledAtSeconds;
    private double sampledGpuJoules;
    private double sampledHostJoules;
    private double? maxWatts;

    /// <inheritdoc />
    public string Name => name;

    /// <inheritdoc />
    public IReadOnlyList<IServerView> Servers => servers;

    /// <summary>The power budget now, in watts; <c>null</c> for none.</summary>
    internal double? HeldBudgetWatts { get; set; }

    /// <summary>Power of servers of others now, in watts.</summary>
    internal double OpaqueWatts { get; set; }

    /// <inheritdoc />
    public double BudgetWatts => HeldBudgetWatts ?? double.PositiveInfinity;

    /// <inheritdoc />
    public double? AirflowRatio { get; internal set; }

    /// <inheritdoc />
    public double Watts(int overSeconds) => history.Watts(overSeconds);

    /// <summary>Enters a second, or the part of a second with which a run ends. It counts against the budget that held until now.</summary>
    /// <param name="toSeconds">Its end, in seconds from the start of the run.</param>
    /// <param name="seconds">Its length, in seconds, in (0, 1].</param>
    /// <param name="gpuJoules">Energy of the accelerators, in joules.</param>
    /// <param name="hostJoules">Energy of the hosts, in joules.</param>
    internal void Add(double toSeconds, double seconds, double gpuJoules, double hostJoules)
    {
        account.Add(seconds, gpuJoules, hostJoules, HeldBudgetWatts, OpaqueWatts);
        history.Add(toSeconds, account.Joules);
        maxWatts = seconds == 1 ? Math.Max(maxWatts ?? 0, gpuJoules + hostJoules + OpaqueWatts) : maxWatts;
    }

    /// <summary>The sums.</summary>
    internal ScopePower Summarise() => account.Summarise();

    /// <summary>The time since the last sample, or since the start of the run, as a sample.</summary>
    /// <param name="seconds">The present time, in seconds from the start of the run.</param>
    internal ClusterSample Sample(double seconds)
    {
        double length = seconds - sampledAtSeconds;
        InstanceMeans instances = InstanceMeans.Of(servers);
        ClusterSample sample = new(scope, seconds)
        {
            GpuWatts = (account.GpuJoules - sampledGpuJoules) / length,
            HostWatts = account.StatesHost ? (account.HostJoules - sampledHostJoules) / length : null,
            MaxWatts = maxWatts,
            BudgetWatts = HeldBudgetWatts,
            MeanClockMegahertz = instances.ClockMegahertz,
            GpusOn = instances.GpusOn,
            Instances = instances.Serving,
            MeanTensorParallelismGpus = instances.GpusPerInstance,
            GpuCelsius = Hottest(servers, server => server.GpuCelsius),
            InletCelsius = Hottest(servers, server => server.InletCelsius),
            Requests = instances.Requests,
        };
        (sampledAtSeconds, sampledGpuJoules, sampledHostJoules) = (seconds, account.GpuJoules, account.HostJoules);
        maxWatts = null;
        return sample;
    }

    private static double? Hottest(IReadOnlyList<IServerView> servers, Func<IServerView, double?> celsiusOf)
    {
        double? hottest = null;
        for (int index = 0; index < servers.Count; index++)
        {
            double? celsius = celsiusOf(servers[index]);
            hottest = hottest > celsius ? hottest : celsius;
        }

        return hottest;
    }
}
