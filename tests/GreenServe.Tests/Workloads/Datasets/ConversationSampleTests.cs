using GreenServe.Workloads.Datasets;

namespace GreenServe.Tests.Workloads.Datasets;

public sealed class ConversationSampleTests
{
    [Fact]
    public void Take_GivesTheSameBeginningOfTheOrder_HoweverManyAreKept()
    {
        int[] all = Lines(DatasetOrder.Shuffled, most: 100, seed: 7);

        Assert.Equal(Enumerable.Range(0, 100), all.Order());
        Assert.NotEqual(Enumerable.Range(0, 100), all);
        Assert.Equal(all[..10], Lines(DatasetOrder.Shuffled, most: 10, seed: 7));
        Assert.NotEqual(all[..10], Lines(DatasetOrder.Shuffled, most: 10, seed: 8));
    }

    [Fact]
    public void Take_GivesTheFirstOfTheFile_WhenTheOrderIsRecorded() =>
        Assert.Equal([0, 1, 2], Lines(DatasetOrder.Recorded, most: 3, seed: 1));

    private static int[] Lines(DatasetOrder order, int most, ulong seed)
    {
        ConversationSample sample = new(order, most, seed, "set.json");
        for (int line = 0; line < 100; line++)
        {
            ConversationBuilder builder = new(name: null, line);
            builder.AddTurn("x");
            sample.Offer(builder.Build()!);
        }

        Assert.Equal(100, sample.Count);
        return [.. sample.Take().Select(conversation => conversation.Line)];
    }
}
