using GreenServe.Simulation.Policies.Adapters;
using GreenServe.Workloads.Traits;

namespace GreenServe.Tests.Simulation.Policies.Adapters;

public sealed class AdapterCacheTests
{
    /// <summary>Adapters of 10, 20 and 40 bytes, which a link of 10 bytes per second loads in 1, 2 and 4 s.</summary>
    private static readonly Adapter[] Three = [new Adapter(0, 8, 10), new Adapter(1, 16, 20), new Adapter(2, 32, 40)];

    [Fact]
    public void Take_WaitsForTheLoad_AndForTheLoadsBeforeIt()
    {
        AdapterCache cache = new(Three, new EvictionOrder(), bytesPerSecond: 10);

        Assert.Equal(1, cache.TakeSeconds(0, nowSeconds: 5, roomBytes: 100));
        Assert.Equal(3, cache.TakeSeconds(1, nowSeconds: 5, roomBytes: 100));

        // Another request for an adapter on its way waits for the rest, and one for an adapter in memory for nothing.
        Assert.Equal(1.5, cache.TakeSeconds(1, nowSeconds: 6.5, roomBytes: 100));
        Assert.Equal(0, cache.TakeSeconds(0, nowSeconds: 6.5, roomBytes: 100));
        Assert.Equal((2, 30.0), (cache.Loads, cache.Bytes));
    }

    [Fact]
    public void Shrink_EvictsTheLeastRecentlyUsed_AndNeverOneInUse()
    {
        AdapterCache cache = new(Three, new EvictionOrder(), bytesPerSecond: 10);
        cache.TakeSeconds(0, nowSeconds: 1, roomBytes: 100);
        cache.TakeSeconds(1, nowSeconds: 2, roomBytes: 100);
        cache.TakeSeconds(2, nowSeconds: 3, roomBytes: 100);
        cache.Release(1);
        cache.Release(2);

        // Adapter 0 is the oldest, but in use. Adapter 1 goes for the 60 bytes, and adapter 2 for the 30.
        cache.Shrink(nowSeconds: 4, roomBytes: 60);
        Assert.Equal([true, false, true], Held(cache));
        cache.Shrink(nowSeconds: 4, roomBytes: 30);
        Assert.Equal([true, false, false], Held(cache));
        cache.Shrink(nowSeconds: 4, roomBytes: 0);
        Assert.Equal([true, false, false], Held(cache));
    }

    [Fact]
    public void Shrink_KeepsTheLargest_WhenSizeDecides()
    {
        AdapterCache cache = new(Three, new EvictionOrder { RecencyWeight = 0, SizeWeight = 1 }, bytesPerSecond: 10);
        foreach (int adapter in new[] { 2, 0, 1 })
        {
            cache.TakeSeconds(adapter, nowSeconds: 1, roomBytes: 100);
            cache.Release(adapter);
        }

        cache.Shrink(nowSeconds: 4, roomBytes: 45);

        Assert.Equal([false, false, true], Held(cache));
    }

    [Fact]
    public void Release_EvictsAtOnce_WhenNothingIsKept()
    {
        AdapterCache cache = new(Three, new EvictionOrder { KeepsNothing = true }, bytesPerSecond: 10);
        cache.TakeSeconds(0, nowSeconds: 0, roomBytes: 100);
        cache.TakeSeconds(0, nowSeconds: 0, roomBytes: 100);

        cache.Release(0);
        Assert.True(cache.Holds(0));
        cache.Release(0);

        Assert.False(cache.Holds(0));
        Assert.Equal(0, cache.Bytes);
        Assert.Equal(1, cache.TakeSeconds(0, nowSeconds: 50, roomBytes: 100));
    }

    private static bool[] Held(AdapterCache cache) => [.. Three.Select(adapter => cache.Holds(adapter.Number))];
}
