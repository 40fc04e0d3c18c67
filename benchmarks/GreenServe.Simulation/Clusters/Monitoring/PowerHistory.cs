namespace GreenServe.Simulation.Clusters.Monitoring;

/// <summary>The power of something over the last minute, as means over whole seconds.</summary>
internal sealed class PowerHistory
{
    /// <summary>The longest time over which a mean can be asked for, in seconds.</summary>
    internal const int MaxSeconds = 60;

    private readonly double[] times = new double[MaxSeconds + 1];
    private readonly double[] energies = new double[MaxSeconds + 1];
    private int count = 1;
    private int latest;

    /// <summary>Begins to record.</summary>
    /// <param name="startSeconds">When it begins, in seconds from the start of the run.</param>
    internal PowerHistory(double startSeconds) => times[0] = startSeconds;

    /// <summary>Enters the energy up to a time. Call it at every whole second.</summary>
    /// <param name="atSeconds">The time, in seconds from the start of the run.</param>
    /// <param name="joules">Energy from the start of the record to then, in joules.</param>
    internal void Add(double atSeconds, double joules)
    {
        if (atSeconds <= times[latest])
        {
            return;
        }

        latest = latest == MaxSeconds ? 0 : latest + 1;
        times[latest] = atSeconds;
        energies[latest] = joules;
        count = Math.Min(count + 1, times.Length);
    }

    /// <summary>Mean power over the last whole seconds, in watts; 0 before the first of them.</summary>
    /// <param name="overSeconds">Number of seconds, from 1 to 60. A younger record is averaged from its start.</param>
    internal double Watts(int overSeconds)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(overSeconds, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(overSeconds, MaxSeconds);
        int back = Math.Min(overSeconds, count - 1);
        int earlier = latest - back;
        earlier += earlier < 0 ? times.Length : 0;
        return back == 0 ? 0 : (energies[latest] - energies[earlier]) / (times[latest] - times[earlier]);
    }
}
