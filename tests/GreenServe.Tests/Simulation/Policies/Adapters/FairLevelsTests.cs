using GreenServe.Simulation.Policies.Adapters;

namespace GreenServe.Tests.Simulation.Policies.Adapters;

public sealed class FairLevelsTests
{
    [Fact]
    public void Rank_InterleavesLevelsByTheirSizes()
    {
        FairLevels queue = new(levels: 2);

        // A level of requests of size 3 has its turn at 0, 3, 6, and one of size 1 at 0, 1, 2, 3.
        Assert.Equal([0, 3_000_000, 6_000_000], Enumerable.Range(0, 3).Select(_ => queue.Rank(1, 3)));
        Assert.Equal([0, 1_000_000, 2_000_000, 3_000_000], Enumerable.Range(0, 4).Select(_ => queue.Rank(0, 1)));
    }

    [Fact]
    public void Rank_BeginsAtTheVirtualTime_ForALevelThatWasEmpty()
    {
        FairLevels queue = new(levels: 2);
        long last = Enumerable.Range(0, 4).Select(_ => queue.Rank(1, 3)).Last();
        queue.NoteBegun(last);

        Assert.Equal(last, queue.Rank(0, 1));
    }

    [Fact]
    public void LevelOf_DividesTheLatestSizesIntoEqualParts()
    {
        SizeCuts cuts = new(levels: 4, latestRequests: 100);
        for (int size = 1; size <= 100; size++)
        {
            cuts.LevelOf(size);
        }

        // The levels begin at the 26th, 51st and 76th size.
        Assert.Equal([0, 0, 1, 1, 2, 3], new[] { 1.0, 25, 26, 50, 51, 76 }.Select(cuts.LevelOf));
    }
}
