using GreenServe.Simulation.Control;

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

    private int index;
    private long period;
    private double joules;
    private double grams;
    private double cost;

    /// <summary>Enters the energy of an interval that begins where the one before ended.</summary>
    /// <param name="fromSeconds">Beginning of the interval, in seconds from the start of the run.</param>
    /// <param name="toSeconds">End of the interval, in seconds from the start of the run.</param>
    /// <param name="usedJoules">Its energy, in joules.</param>
    internal void Add(double fromSeconds, double toSeconds, double usedJoules)
    {
        joules += usedJoules;
        double watts = usedJoules / (toSeconds - fromSeconds);
        while (NextChangeSeconds < toSeconds)
        {
            double change = NextChangeSeconds;
            Enter(watts * (change - fromSeconds));
            fromSeconds = change;
            bool repeats = index + 1 == signal.Points.Count;
            (index, period) = repeats ? (0, period + 1) : (index + 1, period);
        }

        Enter(watts * (toSeconds - fromSeconds));
    }

    /// <summary>The sums.</summary>
    internal SiteTotals Summarise() => new(
        name, joules, Point.GramsPerKilowattHour is null ? null : grams, Point.PricePerKilowattHour is null ? null : cost);

    private GridPoint Point => signal.Points[index];

    private double NextChangeSeconds => index + 1 < signal.Points.Count
        ? (period * (signal.PeriodSeconds ?? 0)) + signal.Points[index + 1].AtSeconds
        : (period + 1) * (signal.PeriodSeconds ?? double.PositiveInfinity);

    private void Enter(double partJoules)
    {
        grams += partJoules / JoulesPerKilowattHour * (Point.GramsPerKilowattHour ?? 0);
        cost += partJoules / JoulesPerKilowattHour * (Point.PricePerKilowattHour ?? 0);
    }
}
