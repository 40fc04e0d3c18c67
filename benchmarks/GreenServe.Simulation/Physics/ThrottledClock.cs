namespace GreenServe.Simulation.Physics;

/// <summary>Finds the clock at which a step draws the power that a cap allows.</summary>
/// <param name="lowest">Lowest clock relative to the highest clock, in (0, 1].</param>
/// <param name="set">Clock that is set, relative to the highest clock, in (0, 1].</param>
internal sealed class ThrottledClock(double lowest, double set)
{
    /// <summary>Largest relative difference between the power found and the cap.</summary>
    private const double Tolerance = 1e-9;

    /// <summary>Largest such difference for an end of the uncertainty, which needs no more digits.</summary>
    internal const double RoughToleranceRatio = 1e-4;

    /// <summary>Bound on the search, which needs about eight steps.</summary>
    private const int MaxSteps = 100;

    /// <summary>The relative clock whose power equals the cap, or the set clock where that draws less.</summary>
    /// <param name="capWatts">Power that the cap allows, in watts.</param>
    /// <param name="wattsAt">Power at a relative clock, in watts; rises with the clock.</param>
    /// <param name="missed">Whether the lowest clock draws more than the cap; it is returned then.</param>
    /// <param name="toleranceRatio">Largest relative difference between the power found and the cap.</param>
    internal double FindClockRatio(
        double capWatts, Func<double, double> wattsAt, out bool missed, double toleranceRatio = Tolerance)
    {
        double low = lowest;
        double high = set;
        double below = wattsAt(low) - capWatts;
        double above = wattsAt(high) - capWatts;
        bool lastWasLow = true;
        missed = below > 0;
        if (missed || above <= 0)
        {
            return missed ? low : high;
        }

        // False position with the Illinois rule never leaves the bracket and converges in about eight steps.
        for (int step = 0; step < MaxSteps; step++)
        {
            double middle = ((low * above) - (high * below)) / (above - below);
            double value = wattsAt(middle) - capWatts;
            if (Math.Abs(value) <= toleranceRatio * capWatts)
            {
                return middle;
            }

            if (value < 0)
            {
                above = lastWasLow ? above / 2 : above;
                (low, below, lastWasLow) = (middle, value, true);
            }
            else
            {
                below = lastWasLow ? below : below / 2;
                (high, above, lastWasLow) = (middle, value, false);
            }
        }

        return low;
    }
}
