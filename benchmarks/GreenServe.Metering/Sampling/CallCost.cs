namespace GreenServe.Metering.Sampling;

/// <summary>What a source's calls cost, counted by its own thread and read by others.</summary>
internal sealed class CallCost
{
    private readonly Lock gate = new();
    private long calls;
    private double totalSeconds;
    private double longestSeconds;
    private double processorSeconds;

    internal void Add(double seconds)
    {
        lock (gate)
        {
            calls++;
            totalSeconds += seconds;
            longestSeconds = Math.Max(longestSeconds, seconds);
        }
    }

    internal void SetProcessorSeconds(double seconds)
    {
        lock (gate)
        {
            processorSeconds = seconds;
        }
    }

    internal (long Calls, double TotalSeconds, double LongestSeconds, double ProcessorSeconds) Snapshot()
    {
        lock (gate)
        {
            return (calls, totalSeconds, longestSeconds, processorSeconds);
        }
    }
}
