namespace GreenServe.Workloads.Randomness;

/// <summary>Draws one of some choices, each as often as its weight says.</summary>
internal sealed class WeightedChoice
{
    private readonly double[] cumulative;

    /// <summary>Makes a choice.</summary>
    /// <param name="weights">Weight of each choice, at least 0; one is above 0.</param>
    internal WeightedChoice(IEnumerable<double> weights)
    {
        cumulative = [.. weights];
        for (int index = 1; index < cumulative.Length; index++)
        {
            cumulative[index] += cumulative[index - 1];
        }
    }

    /// <summary>Draws the number of a choice, from 0. It takes one random number.</summary>
    internal int Pick(RandomSequence random)
    {
        double target = random.NextUniform() * cumulative[^1];
        int low = 0;
        int high = cumulative.Length - 1;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = cumulative[middle] > target ? (low, middle) : (middle + 1, high);
        }

        return low;
    }
}
