using GreenServe.Workloads.Traits;

namespace GreenServe.Simulation.Policies.Adapters;

/// <summary>The adapters in the memory of one instance: those that requests use, and others for which there is room.</summary>
/// <param name="adapters">Every adapter, by number.</param>
/// <param name="order">What is evicted first.</param>
/// <param name="bytesPerSecond">Bandwidth at which adapters are loaded one after the other, in bytes per second.</param>
internal sealed class AdapterCache(IReadOnlyList<Adapter> adapters, EvictionOrder order, double bytesPerSecond)
{
    private readonly double maxBytes = adapters.Select(adapter => adapter.Bytes).DefaultIfEmpty(1).Max();
    private readonly long[] frequency = new long[adapters.Count];
    private readonly double[] lastUsedSeconds = new double[adapters.Count];
    private readonly int[] users = new int[adapters.Count];

    /// <summary>When each adapter is or was loaded, in seconds from the start of the run; NaN for one that is not in memory.</summary>
    private readonly double[] readySeconds = [.. Enumerable.Repeat(double.NaN, adapters.Count)];
    private readonly List<int> resident = [];
    private double linkFreeSeconds;
    private long maxFrequency;

    /// <summary>Bytes of the adapters in memory.</summary>
    internal double Bytes { get; private set; }

    /// <summary>Number of adapters that were loaded so far.</summary>
    internal long Loads { get; private set; }

    /// <summary>Whether an adapter is in memory, or on its way there.</summary>
    internal bool Holds(int adapter) => !double.IsNaN(readySeconds[adapter]);

    /// <summary>Keeps an adapter for a request, and loads it if it is not in memory.</summary>
    /// <param name="adapter">Number of the adapter.</param>
    /// <param name="nowSeconds">The time, in seconds from the start of the run.</param>
    /// <param name="roomBytes">Memory for adapters, in bytes. Those in use may take more.</param>
    /// <returns>Time until the adapter is in memory, in seconds.</returns>
    internal double TakeSeconds(int adapter, double nowSeconds, double roomBytes)
    {
        users[adapter]++;
        frequency[adapter]++;
        maxFrequency = Math.Max(maxFrequency, frequency[adapter]);
        lastUsedSeconds[adapter] = nowSeconds;
        if (!Holds(adapter))
        {
            linkFreeSeconds = Math.Max(nowSeconds, linkFreeSeconds) + (adapters[adapter].Bytes / bytesPerSecond);
            readySeconds[adapter] = linkFreeSeconds;
            resident.Add(adapter);
            Bytes += adapters[adapter].Bytes;
            Loads++;
        }

        Shrink(nowSeconds, roomBytes);
        return Math.Max(0, readySeconds[adapter] - nowSeconds);
    }

    /// <summary>Notes that a request needs its adapter no longer.</summary>
    internal void Release(int adapter)
    {
        users[adapter]--;
        if (order.KeepsNothing && users[adapter] == 0)
        {
            Evict(resident.IndexOf(adapter));
        }
    }

    /// <summary>Evicts adapters that no request uses until the others fit.</summary>
    internal void Shrink(double nowSeconds, double roomBytes)
    {
        while (Bytes > roomBytes)
        {
            (int worst, double lowest) = (-1, double.PositiveInfinity);
            for (int place = 0; place < resident.Count; place++)
            {
                int adapter = resident[place];
                double score = users[adapter] > 0 ? double.PositiveInfinity : Score(adapter, nowSeconds);
                (worst, lowest) = score < lowest ? (place, score) : (worst, lowest);
            }

            if (worst < 0)
            {
                return;
            }

            Evict(worst);
        }
    }

    private double Score(int adapter, double nowSeconds) =>
        (order.FrequencyWeight * frequency[adapter] / maxFrequency)
        + (order.RecencyWeight * lastUsedSeconds[adapter] / Math.Max(nowSeconds, double.Epsilon))
        + (order.SizeWeight * adapters[adapter].Bytes / maxBytes);

    private void Evict(int place)
    {
        int adapter = resident[place];
        resident.RemoveAt(place);
        readySeconds[adapter] = double.NaN;
        Bytes -= adapters[adapter].Bytes;
    }
}
