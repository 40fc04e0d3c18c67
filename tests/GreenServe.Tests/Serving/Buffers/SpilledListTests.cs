using CsCheck;
using GreenServe.Serving.Buffers;

namespace GreenServe.Tests.Serving.Buffers;

public sealed class SpilledListTests
{
    [Fact]
    public void Enumerate_GivesEveryItem_HoweverManyAreInTheFile() =>
        Gen.Select(Gen.Int[0, 10_000], Gen.Int[1, 3000]).Sample(
            (count, maxItemsInMemory) =>
            {
                SpilledList<(long Number, double Half)> list = new(maxItemsInMemory);
                for (int number = 0; number < count; number++)
                {
                    list.Add((number, number / 2.0));
                }

                IEnumerable<(long Number, double Half)> expected =
                    Enumerable.Range(0, count).Select(number => ((long)number, number / 2.0));

                // A spilled list can be read as often as is wanted, and in several passes at once.
                Assert.Equal(expected, list);
                Assert.Equal(expected.Zip(expected), list.Zip(list));
            },
            iter: 20);

    [Fact]
    public void Add_GoesOn_AfterAPass()
    {
        SpilledList<int> list = new(maxItemsInMemory: 2);
        list.Add(1);
        list.Add(2);
        list.Add(3);
        Assert.Equal([1, 2, 3], list);

        list.Add(4);
        list.Add(5);

        Assert.Equal([1, 2, 3, 4, 5], list);
    }
}
