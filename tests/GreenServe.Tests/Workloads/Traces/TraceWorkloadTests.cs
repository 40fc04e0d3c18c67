using GreenServe.Records;
using GreenServe.Tests.Fixtures;
using GreenServe.Workloads;
using GreenServe.Workloads.Schedules;
using GreenServe.Workloads.Traces;

namespace GreenServe.Tests.Workloads.Traces;

public sealed class TraceWorkloadTests
{
    private static readonly TraceWorkload Maker = new()
    {
        Name = "mine",
        Purpose = "a test: \"quoted\"\nover two lines",
        Source = "none",
        Model = "llama-2-7b",
    };

    [Fact]
    public void ToYaml_IsAWorkloadFile_EvenWhenClassesAreMissing()
    {
        // Short inputs alone: the tables of the other bands are never drawn from.
        Trace trace = new(
            [.. Enumerable.Range(0, 50).Select(index => new TraceRequest(index * index * 0.1, 10 + index, 5))], 0, TraceFormat.Normalised);

        Workload workload = Samples.Parse(Maker.ToYaml(trace));

        Assert.Equal("mine", workload.Name);
        Assert.Equal(Maker.Purpose, workload.Purpose);
        Assert.All(RequestSchedule.For(workload).Requests, request => Assert.InRange(request.InputTokens, 10, 59));
    }

    [Fact]
    public void ToYaml_KeepsTheBursts_WhenGapsVaryMoreThanGammaCanTell()
    {
        // Twenty requests in the first second and one after a minute: a variation far above 1.5.
        Trace trace = new(
            [.. Enumerable.Range(0, 20).Select(index => new TraceRequest(index * 0.05, 10, 5)), new(60, 10, 5)], 0, TraceFormat.Normalised);

        Workload workload = Samples.Parse(Maker.ToYaml(trace));
        IReadOnlyList<ScheduledRequest> requests = RequestSchedule.For(workload).Requests;

        Assert.Equal(21, requests.Count);
        Assert.Equal(20, requests.Count(request => request.ScheduledSeconds < 2));
        Assert.InRange(requests[^1].ScheduledSeconds, 60, 62);
        Assert.Equal(6, workload.WarmUpSeconds);
    }

    [Fact]
    public void ToYaml_Throws_WhenThereIsNoRate() =>
        Assert.Throws<InvalidInputException>(() => Maker.ToYaml(new Trace([new(0, 1, 1)], 0, TraceFormat.Normalised)));

    [Fact]
    public void Schedule_ReplaysTheTrace_FasterAndSliced()
    {
        using TemporaryFolder folder = new();
        folder.Write("t.csv", "arrival_seconds,input_tokens,output_tokens\n0,1,1\n10,2,3\n11,2000,400\n13,5,6\n20,9,9\n");
        string path = folder.Write(
            "replay.workload.yaml", Replay("{ kind: trace, speed_up: 2 }", "{ kind: trace }", "from_seconds: 10, to_seconds: 20"));

        IReadOnlyList<ScheduledRequest> requests = RequestSchedule.For(WorkloadFile.Read(path)).Requests;

        Assert.Equal(
            [(0, 2, 3), (0.5, 2000, 400), (1.5, 5, 6)],
            requests.Select(request => (request.ScheduledSeconds, request.InputTokens, request.OutputTokens)));
        Assert.Equal(["SS", "LL", "SS"], requests.Select(request => request.Class.Name));
    }

    [Fact]
    public void Schedule_BeginsTheLengthsAgain_WhenMoreAreAskedThanRecorded()
    {
        using TemporaryFolder folder = new();
        folder.Write("t.csv", "arrival_seconds,input_tokens,output_tokens\n0,1,10\n10,2,20\n11,3,30\n");
        string path = folder.Write(
            "replay.workload.yaml", Replay("{ kind: constant, requests_per_second: 1 }", "{ kind: trace }") + "requests: 5\n");

        IReadOnlyList<ScheduledRequest> requests = RequestSchedule.For(WorkloadFile.Read(path)).Requests;

        Assert.Equal(
            [(1, 10), (2, 20), (3, 30), (1, 10), (2, 20)], requests.Select(request => (request.InputTokens, request.OutputTokens)));
    }

    [Fact]
    public void Schedule_KeepsInputAndOutputTogether_WhenRowsAreDrawnAtRandom()
    {
        using TemporaryFolder folder = new();
        folder.Write("t.csv", "arrival_seconds,input_tokens,output_tokens\n0,1,10\n10,2,20\n11,3,30\n");
        string path = folder.Write(
            "replay.workload.yaml",
            Replay("{ kind: constant, requests_per_second: 1 }", "{ kind: trace, order: random }") + "requests: 300\n");

        IReadOnlyList<ScheduledRequest> requests = RequestSchedule.For(WorkloadFile.Read(path)).Requests;

        Assert.All(requests, request => Assert.Equal(10 * request.InputTokens, request.OutputTokens));
        Assert.Equal(3, requests.Select(request => request.InputTokens).Distinct().Count());
    }

    [Fact]
    public void WithTrace_NamesTheFileByItsHash_WhereverItLies()
    {
        using TemporaryFolder folder = new();
        string here = folder.Write("a/t.csv", "arrival_seconds,input_tokens,output_tokens\n0,1,1\n");
        string there = folder.Write("b/t.csv", "arrival_seconds,input_tokens,output_tokens\n0,1,1\n");
        Workload workload = WorkloadCatalog.Read("trace-replay");

        Workload first = workload.WithTrace(here);

        Assert.Equal(TraceFile.ComputeSha256(here), first.Trace!.Sha256);
        Assert.Equal(first.ToCanonicalJson(), workload.WithTrace(there).ToCanonicalJson());
        Assert.Single(RequestSchedule.For(first).Requests);
    }

    [Fact]
    public void WithTrace_Refuses_WhenNothingUsesATrace()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("t.csv", "");

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => WorkloadCatalog.Read("ramp").WithTrace(path));

        Assert.Contains("want a workload whose arrival or lengths are of kind trace", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Schedule_NamesTheTrace_WhenItIsNotThere()
    {
        InvalidInputException exception = Assert.Throws<InvalidInputException>(
            () => RequestSchedule.For(WorkloadCatalog.Read("trace-replay")));

        Assert.Equal("trace.csv: trace: got nothing, want an existing trace file", exception.Message);
    }

    private static string Replay(string arrival, string lengths, string slice = "from_seconds: 0") =>
        $"name: replay\npurpose: a test\nsource: none\nmodel: llama-2-7b\n"
        + $"trace: {{ file: t.csv, {slice} }}\narrival: {arrival}\nlengths: {lengths}\n";
}
