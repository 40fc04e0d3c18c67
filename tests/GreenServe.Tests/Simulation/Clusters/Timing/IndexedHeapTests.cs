using CsCheck;
using GreenServe.Simulation.Clusters.Timing;

namespace GreenServe.Tests.Simulation.Clusters.Timing;

public sealed class IndexedHeapTests
{
    [Fact]
    public void Set_KeepsTheSmallestFirst_ForAnyChanges() =>
        Gen.Select(Gen.Int[0, 12], Gen.Double[0, 10]).List[1, 200].Sample(changes =>
        {
            IndexedHeap heap = new();
            double[] keys = [.. Enumerable.Repeat(double.PositiveInfinity, 13)];
            Array.ForEach(keys, _ => heap.Add());
            foreach ((int number, double key) in changes)
            {
                heap.Set(number, key);
                keys[number] = key;
                Assert.Equal(keys.Min(), heap.MinKey);
                Assert.Equal(Array.IndexOf(keys, keys.Min()), heap.Min);
            }
        });
}
