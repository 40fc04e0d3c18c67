using GreenServe.Workloads.Traces;

namespace GreenServe.Tests.Workloads.Traces;

public sealed class PrefixTreeTests
{
    [Fact]
    public void Add_FindsWhatAnEarlierPromptBeganWith_InClosedForm()
    {
        // Ten prompts of 1600 tokens begin with the same three blocks of 512: nine share 1536 of theirs, 13,824 of 16,000 in all.
        TracePrefixes prefixes = new(512, [.. Enumerable.Range(0, 10).Select(row => (int[])[0, 1, 2, 100 + row])]);
        PrefixTree tree = new(prefixes);
        int[] shared = [.. Enumerable.Range(0, 10).Select(id => tree.Add(id, 1600).SharedTokens)];

        Assert.Equal([0, .. Enumerable.Repeat(1536, 9)], shared);
        Assert.Equal(0.864, tree.SharedShare, 1e-12);
    }

    [Fact]
    public void Add_NeverSharesTheLastToken()
    {
        PrefixTree tree = new(new TracePrefixes(16, [[0, 1], [0, 1]]));
        tree.Add(0, 32);

        Assert.Equal(31, tree.Add(1, 32).SharedTokens);
    }

    [Fact]
    public void Add_TellsBeginningsApart_WhenABlockComesAfterAnother()
    {
        // Block 1 after block 0 is not block 1 at the start.
        PrefixTree tree = new(new TracePrefixes(16, [[0, 1], [1], [0, 1]]));
        int[][] paths = [.. Enumerable.Range(0, 3).Select(id => tree.Add(id, 32).Blocks!.Path.ToArray())];

        Assert.Equal([[0, 1], [2], [0, 1]], paths);
    }

    [Fact]
    public void Add_SharesNothingBetweenLaps()
    {
        PrefixTree tree = new(new TracePrefixes(16, [[0], [0]]));
        (int Lap, int Shared)[] found = [.. Enumerable.Range(0, 4).Select(id =>
        {
            (PromptBlocks? blocks, int shared) = tree.Add(id, 20);
            return (blocks!.Lap, shared);
        })];

        Assert.Equal([(0, 0), (0, 16), (1, 0), (1, 16)], found);
    }
}
