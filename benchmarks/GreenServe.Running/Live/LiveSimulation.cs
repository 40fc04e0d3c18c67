using System.Globalization;
using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Runs;

namespace GreenServe.Running.Live;

/// <summary>Hands on what a simulated run gives, and shows how many of its requests have ended.</summary>
/// <param name="next">The sink that receives everything.</param>
/// <param name="live">What the command shows of itself.</param>
/// <param name="planned">Number of requests of the schedule.</param>
internal sealed class LiveSimulation(ISimulationSink next, LiveRun live, int planned) : ISimulationSink
{
    /// <summary>Requests between two updates: a simulator gets through so many in some milliseconds.</summary>
    private const int RequestsPerUpdate = 1024;

    private int ended;

    /// <summary>The sink of a run: one that shows it, where the command runs few points and somebody looks.</summary>
    internal static ISimulationSink Over(ISimulationSink next, LiveRun live, int planned) =>
        live.IsWatched && live.Latest.PointsPlanned is null or 1 ? new LiveSimulation(next, live, planned) : next;

    /// <inheritdoc />
    public void Add(in StepStretch stretch) => next.Add(stretch);

    /// <inheritdoc />
    public void Add(in RequestOutcome outcome)
    {
        next.Add(outcome);
        if (++ended % RequestsPerUpdate == 0)
        {
            live.Update(seen => seen with
            {
                Activity = string.Create(CultureInfo.InvariantCulture, $"{ended:N0} of {planned:N0} requests have ended"),
                RemainingSeconds = seen.RemainingWith((seen.ElapsedSeconds - seen.PointBeganSeconds) * (planned - ended) / ended),
            });
        }
    }

    /// <inheritdoc />
    public void AddTokenGaps(string requestClass, LatencyHistogram gaps) => next.AddTokenGaps(requestClass, gaps);

    /// <inheritdoc />
    public void Add(ControlAction action) => next.Add(action);

    /// <inheritdoc />
    public void Add(ClusterSample sample) => next.Add(sample);
}
