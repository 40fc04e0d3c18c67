namespace GreenServe.Simulation.Runs;

/// <summary>Keeps the longest few of the durations it is offered.</summary>
internal sealed class LongestGaps
{
    private double[] kept = new double[16];
    private int wanted;
    private int count;

    /// <summary>Durations up to this cannot enter any more; below zero while there is room.</summary>
    internal double Threshold => count < wanted ? -1 : kept[wanted - 1];

    /// <summary>The longest kept (s).</summary>
    internal double Longest => kept[0];

    /// <summary>The shortest kept (s).</summary>
    internal double Shortest => kept[count - 1];

    /// <summary>Starts anew, to keep <paramref name="number"/> of at least 1.</summary>
    internal void Reset(int number)
    {
        wanted = number;
        count = 0;
        if (kept.Length < number)
        {
            kept = new double[Math.Max(number, kept.Length * 2)];
        }
    }

    /// <summary>Offers a duration (s).</summary>
    /// <returns>Whether it was kept; a shorter or equal one would not be kept either if not.</returns>
    internal bool Offer(double seconds)
    {
        if (seconds <= Threshold)
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
