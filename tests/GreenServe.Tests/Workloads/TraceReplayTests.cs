using GreenServe.Records;
using GreenServe.Tests.Fixtures;
using GreenServe.Workloads;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Tests.Workloads;

public sealed class TraceReplayTests
{
    [Theory]
    [InlineData("requests.csv", true)]
    [InlineData("folder/requests.CSV.gz", true)]
    [InlineData("mooncake.jsonl", true)]
    [InlineData("trace.json.gz", true)]
    [InlineData("conversation-hour", false)]
    [InlineData("own.workload.yaml", false)]
    [InlineData("archive.gz", false)]
    public void IsTrace_TellsTracesFromWorkloads_ByTheirNames(string path, bool isTrace) =>
        Assert.Equal(isTrace, TraceReplay.IsTrace(path));

    [Fact]
    public void Of_ReplaysArrivalsAndLengths_AsRecorded()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("my trace!.csv", "arrival_seconds,input_tokens,output_tokens\n10,100,20\n12.5,300,40\n");

        Workload workload = TraceReplay.Of(path, "llama-2-7b");

        // The first request arrives at 0, whatever the trace counts from.
        RequestSchedule schedule = RequestSchedule.For(workload);
        Assert.Equal([(0, 100, 20), (2.5, 300, 40)], schedule.Requests.Select(
            request => (request.ScheduledSeconds, request.InputTokens, request.OutputTokens)));
        Assert.Equal(("my-trace-", "llama-2-7b"), (workload.Name, workload.Model));
        Assert.Empty(workload.Check());
    }

    [Fact]
    public void Of_NamesTheFile_WhereThereIsNone()
    {
        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => TraceReplay.Of("/nowhere/requests.csv", "llama-2-7b"));

        Assert.Contains("/nowhere/requests.csv", exception.Message);
    }
}
