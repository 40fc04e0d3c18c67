using BenchmarkDotNet.Attributes;
using GreenServe.Microbenchmarks.Records;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Serving.Load;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Microbenchmarks.Serving;

/// <summary>
/// Runs the load generator without a server. Every request is due at once and answered at once, so that the time is that of the scheduler,
/// the trace and the row in the record. The cost is linear if ten times the requests take ten times the time and memory.
/// </summary>
[Config(typeof(BriefConfig))]
[MemoryDiagnoser]
public class RequestIssuing
{
    /// <summary>Requests in flight at most with a cap: few, so that nearly every request waits for a place.</summary>
    private const int CapRequests = 16;

    private readonly string folder = Directory.CreateTempSubdirectory("greenserve-issuing-").FullName;
    private RequestSchedule schedule = new([]);
    private int run;

    /// <summary>Number of requests of a run.</summary>
    [Params(1_000, 10_000, 100_000)]
    public int Requests { get; set; }

    /// <summary>Whether a concurrency cap applies, under which every request returns its place.</summary>
    [Params(false, true)]
    public bool HasCap { get; set; }

    /// <summary>Makes the schedule that the benchmarks send.</summary>
    [GlobalSetup]
    public void Schedule() =>
        schedule = new RequestSchedule([.. Enumerable.Range(0, Requests).Select(id => new ScheduledRequest(id, 0, default, 16, 1))]);

    /// <summary>Deletes the records of the benchmarks.</summary>
    [GlobalCleanup]
    public void Clean() => Directory.Delete(folder, recursive: true);

    /// <summary>Runs all requests and returns the number of completed ones.</summary>
    [Benchmark]
    public async Task<double> Run()
    {
        string path = Path.Combine(folder, $"{run++}");
        using RunRecordWriter record = RunRecordWriter.Create(path, RecordScenario.Manifest);
        LoadRun load = new()
        {
            Schedule = schedule,
            Backend = new AnsweringBackend(TimeProvider.System),
            Clock = RunClock.Start(TimeProvider.System),
            Record = record,
            Options = new LoadOptions { MaxInFlight = HasCap ? CapRequests : null },
        };
        LoadOutcome outcome = await LoadGenerator.RunAsync(load, CancellationToken.None).ConfigureAwait(false);
        record.Complete(manifest => outcome.Complete(manifest));
        return outcome.Counters[RunCounter.Requests(RequestStatus.Completed).Name];
    }

    /// <summary>Answers every request at once with one token.</summary>
    private sealed class AnsweringBackend(TimeProvider clock) : IServingBackend
    {
        public PreparedRequest Prepare(ScheduledRequest request) => new(request);

        public Task ServeAsync(PreparedRequest request, RequestTrace trace, CancellationToken cancellationToken)
        {
            trace.Issue();
            trace.AddChunk(trace.ReceiptTimestamp(), 1);
            trace.InputTokens = trace.Request.InputTokens;
            trace.OutputTokens = 1;
            trace.Complete(clock.GetTimestamp());
            return Task.CompletedTask;
        }

        public ReadingSelfCheck CheckReading() => new("user", null, null);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
