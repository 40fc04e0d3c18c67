using GreenServe.Records.Requests;
using GreenServe.Workloads.Schedules;
using GreenServe.Workloads.Traces;

namespace GreenServe.Tests.Workloads.Schedules;

public sealed class RequestColumnsTests
{
    private static readonly RequestClassCuts Cuts = new();

    [Fact]
    public void Indexer_GivesTheRequestThatWasAdded()
    {
        PromptBlocks blocks = new(BlockTokens: 16, HashIds: [1, 2], Lap: 0, Path: [0, 1]);
        ScheduledRequest[] requests =
        [
            Request(0, seconds: 0, input: 100, output: 50),
            Request(1, seconds: 0.5, input: 300, output: 50) with { PrefixGroup = 4, SharedPrefixTokens = 30, Turn = 2 },
            Request(2, seconds: 0.75, input: 300, output: 500) with { Blocks = blocks, ThinkSeconds = 1.5 },
            Request(3, seconds: 1, input: 2000, output: 500) with { Priority = "high", Adapter = 0 },
            Request(4, seconds: 1, input: 2000, output: 500) with { Priority = "low", Adapter = 7 },
        ];

        RequestColumns columns = Columns(requests);

        Assert.Equal(requests, columns);
        Assert.Equal(requests[2], columns[2]);
    }

    [Fact]
    public void Bytes_CountsOnlyWhatVaries()
    {
        RequestColumns columns = Columns([.. Enumerable.Range(0, 5000).Select(id => Request(id, seconds: id, input: 512, output: 128))]);

        // Only the times differ: two chunks of 4,096 values of 8 bytes.
        Assert.Equal(2 * 4096 * 8, columns.Bytes);
    }

    [Fact]
    public void Bytes_CountsFiveForThePriorityAndTheAdapter()
    {
        RequestColumns columns = Columns(
            [.. Enumerable.Range(0, 4096).Select(id =>
                Request(id, seconds: 0, input: 512, output: 128) with { Priority = id % 2 == 0 ? "high" : "low", Adapter = id % 3 })]);

        Assert.Equal(4096 * (1 + 4), columns.Bytes);
    }

    [Fact]
    public void Bytes_CountsThePathsOfPrompts()
    {
        PromptBlocks blocks = new(BlockTokens: 16, HashIds: [1, 2, 3], Lap: 0, Path: [0, 1, 2]);

        RequestColumns columns = Columns([Request(0, seconds: 0, input: 48, output: 1) with { Blocks = blocks }]);

        // One object of 64 bytes with a path of three numbers of 4 bytes. The columns themselves hold one value each.
        Assert.Equal(64 + (3 * 4), columns.Bytes);
    }

    [Fact]
    public void Add_RefusesARequest_WhoseNumberIsNotTheNext()
    {
        RequestColumns columns = Columns([Request(0, seconds: 0, input: 1, output: 1)]);

        Assert.Throws<ArgumentOutOfRangeException>(() => columns.Add(Request(2, seconds: 0, input: 1, output: 1)));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void Indexer_Throws_OutsideTheSchedule(int index)
    {
        RequestColumns columns = Columns([Request(0, seconds: 0, input: 1, output: 1)]);

        Assert.Throws<ArgumentOutOfRangeException>(() => columns[index]);
    }

    private static ScheduledRequest Request(long id, double seconds, int input, int output) =>
        new(id, seconds, Cuts.Classify(input, output), input, output);

    private static RequestColumns Columns(ScheduledRequest[] requests)
    {
        RequestColumns columns = new(Cuts);
        foreach (ScheduledRequest request in requests)
        {
            columns.Add(request);
        }

        return columns;
    }
}
