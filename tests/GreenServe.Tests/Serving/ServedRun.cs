using System.Text.Json.Nodes;
using GreenServe.Engine;
using GreenServe.Engine.Http;
using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Records.Verdicts;
using GreenServe.Serving.Dialects;
using GreenServe.Serving.Load;
using GreenServe.Serving.OpenAi;
using GreenServe.Tests.Fixtures;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Tests.Serving;

/// <summary>One load against a server on the loopback, and the record it left.</summary>
internal sealed record ServedRun(RunRecord Record, LoadOutcome Outcome)
{
    internal const int OutputTokens = 8;

    /// <summary>A server that answers within milliseconds.</summary>
    internal static FixedScheduleOptions Quick { get; } = new() { FirstTokenSeconds = 0.001, TokenGapSeconds = 0.0005 };

    /// <summary>Time limits that no test may reach, however slow the machine.</summary>
    internal static LoadOptions Patient { get; } = new()
    {
        FirstTokenSeconds = 60,
        StallSeconds = 60,
        RequestSeconds = 60,
        DrainSeconds = 60,
    };

    /// <summary>Requests that are due a millisecond after each other.</summary>
    internal static RequestSchedule Schedule(int requests, int outputTokens = OutputTokens, int inputTokens = 16) => new(
        [.. Enumerable.Range(0, requests).Select(id => new ScheduledRequest(id, id * 0.001, default, inputTokens, outputTokens))]);

    /// <summary>Runs a schedule against the built-in server.</summary>
    internal static async Task<ServedRun> AgainstAsync(
        HttpServerOptions serverOptions,
        RequestSchedule schedule,
        FixedScheduleOptions? times = null,
        Func<OpenAiOptions, OpenAiOptions>? change = null,
        LoadOptions? load = null)
    {
        await using FixedScheduleEngine engine = new(times ?? Quick);
        await using HttpServer server = await HttpServer.StartAsync(engine, serverOptions with { Port = 0 });
        OpenAiOptions options = new() { Endpoint = server.Address, Dialect = DialectName.Vllm, Readers = 1 };
        return await AgainstAsync(change?.Invoke(options) ?? options, Described, schedule, load ?? Patient);
    }

    /// <summary>Runs a schedule against any endpoint, without asking it anything before.</summary>
    internal static async Task<ServedRun> AgainstAsync(
        OpenAiOptions options,
        ServerDescription server,
        RequestSchedule schedule,
        LoadOptions load,
        CancellationToken cancellationToken = default)
    {
        await using OpenAiBackend backend = OpenAiBackend.For(options, server);
        return await AgainstAsync(backend, schedule, load, cancellationToken);
    }

    /// <summary>Runs a schedule against a backend, and reads the record that it left.</summary>
    internal static async Task<ServedRun> AgainstAsync(
        IServingBackend backend, RequestSchedule schedule, LoadOptions load, CancellationToken cancellationToken = default)
    {
        using TemporaryFolder folder = new();
        string path = folder.PathOf("run");
        LoadOutcome outcome;
        using (RunRecordWriter writer = RunRecordWriter.Create(path, Manifest()))
        {
            LoadRun run = new()
            {
                Schedule = schedule,
                Backend = backend,
                Clock = RunClock.Start(TimeProvider.System),
                Record = writer,
                Options = load,
            };
            outcome = await LoadGenerator.RunAsync(run, cancellationToken);
            writer.Complete(manifest => outcome.Complete(manifest));
        }

        RunRecord record = RunRecord.Read(path);

        // The tables are read when first asked for; the folder is gone by then.
        _ = record.Requests;
        _ = record.TokenGaps;
        _ = record.ClientLags;
        return new ServedRun(record, outcome);
    }

    /// <summary>A description of the built-in server, which need not be asked then.</summary>
    internal static ServerDescription Described { get; } = new()
    {
        Model = "simulated",
        Dialect = DialectName.Vllm,
        SendsTokenIds = true,
        FixesOutput = true,
        LowestTokenId = 1000,
    };

    /// <summary>The manifest of a test's record.</summary>
    internal static RunManifest Manifest() => new()
    {
        WorkloadName = "test",
        Workload = new JsonObject(),
        WorkloadSha256 = "",
        Model = "simulated",
        Knobs = new Knobs(),
        Backend = BackendKind.OpenAI,
        Evidence = EvidenceKind.Measured,
        Environment = RunEnvironment.Host(),
        Seed = 1,
        Verdict = RunVerdict.Interrupted,
    };
}
