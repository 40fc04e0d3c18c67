namespace GreenServe.Simulation.Physics;

/// <summary>Finds the clock at which a step draws what the power cap allows.</summary>
/// <param name="lowest">Lowest clock, relative to the highest.</param>
/// <param name="set">Clock that was set, relative to the highest.</param>
internal sealed class ThrottledClock(double lowest, double set)
{
    private const double Tolerance = 1e-9;
    private const int MaxSteps = 100;

    /// <summary>The clock whose power is the cap, to a relative 1e-9; the set clock where that draws less.</summary>
    /// <param name="capWatts">Power allowed (W).</param>
    /// <param name="wattsAt">Power at a clock; rises with it.</param>
    /// <param name="missed">Whether even the lowest clock draws more.</param>
    internal double Find(double capWatts, Func<double, double> wattsAt, out bool missed)
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

        // False position with the Illinois rule: no step leaves the bracket, and it converges in about eight.
        for (int step = 0; step < MaxSteps; step++)
        {
            double middle = ((low * above) - (high * below)) / (above - below);
            double value = wattsAt(middle) - capWatts;
            if (Math.Abs(value) <= Tolerance * capWatts)
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
