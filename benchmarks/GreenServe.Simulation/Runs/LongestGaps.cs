namespace GreenServe.Simulation.Runs;

/// <summary>Keeps the longest few of the durations that are offered to it.</summary>
internal sealed class LongestGaps
{
    private double[] kept = new double[16];
    private int wanted;
    private int count;

    /// <summary>Durations up to this number of seconds are refused. Negative infinity while there is room for any duration.</summary>
    internal double ThresholdSeconds => count < wanted ? double.NegativeInfinity : kept[wanted - 1];

    /// <summary>The longest duration kept, in seconds.</summary>
    internal double LongestSeconds => kept[0];

    /// <summary>The shortest duration kept, in seconds.</summary>
    internal double ShortestSeconds => kept[count - 1];

    /// <summary>Forgets all durations.</summary>
    /// <param name="number">How many durations to keep from now on, at least 1.</param>
    internal void Reset(int number)
    {
        wanted = number;
        count = 0;
        if (kept.Length < number)
        {
            kept = new double[Math.Max(number, kept.Length * 2)];
        }
    }

    /// <summary>Offers a duration in seconds.</summary>
    /// <returns>Whether it was kept. If it was not, no shorter or equal duration would be kept either.</returns>
    internal bool Offer(double seconds)
    {
        if (seconds <= ThresholdSeconds)
        {
            return false;
        }

        int place = count < wanted ? count++ : wanted - 1;
        while (place > 0 && kept[place - 1] < seconds)
        {
            kept[place] = kept[place - 1];
            place--;
        }

        kept[place] = seconds;
        return true;
    }
}
