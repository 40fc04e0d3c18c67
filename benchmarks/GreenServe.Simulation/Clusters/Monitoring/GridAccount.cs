using GreenServe.Records.Grids;

namespace GreenServe.Simulation.Clusters.Monitoring;

/// <summary>Integrates carbon and cost of energy against the signal of a grid.</summary>
/// <remarks>
/// The power within an interval is taken as constant. An interval in which the signal changes is split at the change, so that a constant
/// power gives the exact integral.
/// </remarks>
/// <param name="name">Name of the site.</param>
/// <param name="signal">The signal of its grid.</param>
internal sealed class GridAccount(string name, GridSignal signal)
{
    private const double JoulesPerKilowattHour = 3.6e6;

    private double joules;
    private double grams;
    private double cost;

    /// <summary>Enters the energy of an interval.</summary>
    /// <param name="fromSeconds">Beginning of the interval, in seconds from the start of the run.</param>
    /// <param name="toSeconds">End of the interval, in seconds from the start of the run.</param>
    /// <param name="usedJoules">Its energy, in joules.</param>
    internal void Add(double fromSeconds, double toSeconds, double usedJoules)
    {
        joules += usedJoules;
        double watts = usedJoules / (toSeconds - fromSeconds);
        foreach (GridStretch part in signal.Between(fromSeconds, toSeconds))
        {
            double kilowattHours = watts * (part.ToSeconds - part.FromSeconds) / JoulesPerKilowattHour;
            grams += kilowattHours * (part.Values.GramsPerKilowattHour ?? 0);
            cost += kilowattHours * (part.Values.PricePerKilowattHour ?? 0);
        }
    }

    /// <summary>The sums.</summary>
    internal SiteTotals Summarise() => new(
        name,
        joules,
        signal.Points[0].GramsPerKilowattHour is null ? null : grams,
        signal.Points[0].PricePerKilowattHour is null ? null : cost);
}
