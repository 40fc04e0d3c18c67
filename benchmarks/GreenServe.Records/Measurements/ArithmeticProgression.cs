namespace GreenServe.Records.Measurements;

/// <summary>An amount, such as a duration or an energy, that grows by the same increment from each step to the next.</summary>
/// <param name="First">The amount of the first step.</param>
/// <param name="Increment">What each further step adds to the amount of the step before it; not negative.</param>
public readonly record struct ArithmeticProgression(double First, double Increment)
{
    /// <summary>The amount of one step.</summary>
    /// <param name="index">Number of the step, from 0.</param>
    public double At(int index) => First + (index * Increment);

    /// <summary>The amounts of the first steps, summed.</summary>
    /// <param name="count">Number of steps, at least 0.</param>
    public double Sum(int count) => (count * First) + (0.5 * Increment * count * (count - 1.0));

    /// <summary>The smallest number of steps whose sum reaches a target.</summary>
    /// <param name="target">The sum to reach.</param>
    /// <param name="max">Largest number of steps to return, at least 1. It is returned where even its sum stays below the target.</param>
    /// <returns>A number from 1 to <paramref name="max"/>.</returns>
    public int CountReaching(double target, int max)
    {
        if (Increment <= 0)
        {
            return (int)Math.Clamp(Math.Ceiling(target / First), 1, max);
        }

        int low = 1;
        int high = max;
        while (low < high)
        {
            int middle = low + ((high - low) / 2);
            if (Sum(middle) >= target)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }
}
