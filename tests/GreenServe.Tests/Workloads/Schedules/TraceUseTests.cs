using GreenServe.Tests.Fixtures;
using GreenServe.Workloads;
using GreenServe.Workloads.Arrivals;
using GreenServe.Workloads.Lengths;
using GreenServe.Workloads.Schedules;
using GreenServe.Workloads.Traces;

namespace GreenServe.Tests.Workloads.Schedules;

public sealed class TraceUseTests
{
    private const string Mooncake = """
        {"timestamp": 0, "input_length": 1600, "output_length": 8, "hash_ids": [0, 1, 2, 100]}
        {"timestamp": 300, "input_length": 1600, "output_length": 8, "hash_ids": [0, 1, 2, 101]}
        """;

    [Fact]
    public void For_GivesRequestsTheBlocksOfTheirRows_AndSaysHowTheTraceWasRead()
    {
        using TemporaryFolder folder = new();
        RequestSchedule schedule = RequestSchedule.For(Replay(folder, new TraceLengths()));

        // The second shares three blocks of 512: 1536 of the 3200 tokens in all.
        Assert.Equal([0, 1536], schedule.Requests.Select(request => request.SharedPrefixTokens));
        Assert.Equal([[0, 1, 2, 3], [0, 1, 2, 4]], schedule.Requests.Select(request => request.Blocks!.HashIds));
        Assert.Equal(
            [
                "trace.jsonl was read as mooncake: timestamps in milliseconds",
                "trace.jsonl: prompts are made of its hash_ids (512 tokens each), and 48 % of the prompt tokens begin an earlier prompt",
            ],
            schedule.Notes);
    }

    [Fact]
    public void For_SaysThatPrefixesAreNotUsed_WhenRowsAreDrawn()
    {
        using TemporaryFolder folder = new();
        RequestSchedule schedule = RequestSchedule.For(Replay(folder, new TraceLengths { Order = TraceRowOrder.Random }));

        Assert.All(schedule.Requests, request => Assert.Null(request.Blocks));
        Assert.Equal(
            "trace.jsonl: hash_ids are not used, so that prompts do not share what the trace shares: "
            + "lengths are not those of the trace in recorded order",
            schedule.Notes[^1]);
    }

    [Fact]
    public void For_PrefersTheSharingThatTheWorkloadStates()
    {
        using TemporaryFolder folder = new();
        Workload workload = Replay(folder, new TraceLengths()) with { PrefixSharing = new PrefixSharing { Groups = 1, SharedShare = 0.5 } };
        RequestSchedule schedule = RequestSchedule.For(workload);

        Assert.All(schedule.Requests, request => Assert.Equal((800, null), (request.SharedPrefixTokens, request.Blocks)));
        Assert.EndsWith("the workload states prefix_sharing", schedule.Notes[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void For_HasNoNotes_WithoutATrace() =>
        Assert.Empty(RequestSchedule.For(Samples.Workload(new ConstantArrival { RequestsPerSecond = 1 }, requests: 1)).Notes);

    private static Workload Replay(TemporaryFolder folder, LengthModel lengths)
    {
        File.WriteAllText(folder.PathOf("trace.jsonl"), Mooncake);
        return Samples.Workload(new TraceArrival(), lengths, requests: 2) with
        {
            Trace = new TraceSource { File = "trace.jsonl" },
            Folder = Path.GetDirectoryName(folder.PathOf("trace.jsonl")),
        };
    }
}
