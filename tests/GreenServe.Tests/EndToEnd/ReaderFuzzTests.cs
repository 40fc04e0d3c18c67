using System.Globalization;
using System.IO.Compression;
using System.Text;
using CsCheck;
using GreenServe.Metering.DeviceSettings;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Grids;
using GreenServe.Records.Prometheus;
using GreenServe.Records.Runs;
using GreenServe.Records.Tables;
using GreenServe.Running.Machine;
using GreenServe.Serving.ClientAccuracy;
using GreenServe.Serving.Servers;
using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Validation;
using GreenServe.Tests.Analysis;
using GreenServe.Tests.Cli;
using GreenServe.Tests.Fixtures;
using GreenServe.Workloads;
using GreenServe.Workloads.Experiments;
using GreenServe.Workloads.Models;
using GreenServe.Workloads.Traces;

namespace GreenServe.Tests.EndToEnd;

/// <summary>
/// Damages the files of every reader, and holds each to its promise: exit code 0, 2, 3 or 4, never the code of a bug, within 20 s and 1 GB.
/// </summary>
public sealed class ReaderFuzzTests : IDisposable
{
    /// <summary>The variable that sets how many damaged files each reader gets.</summary>
    private const string CountVariable = "GREENSERVE_FUZZ";

    private const int DefaultCount = 12;
    private const long MaxBytes = 1L << 30;
    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(20);
    private static readonly int[] Allowed = [ExitCode.Success, ExitCode.BadInput, ExitCode.Unavailable, ExitCode.InvalidRun];

    private static readonly string[] RecordFiles =
    [
        RunFiles.Manifest, RunFiles.Requests, RunFiles.Steps, RunFiles.Power, RunFiles.TokenGaps, RunFiles.ClientLags, RunFiles.Device,
        RunFiles.Server, RunFiles.Actions, RunFiles.Cluster,
    ];

    private readonly TemporaryFolder folder = new();

    public static TheoryData<string> Files() => [.. RecordFiles];

    public static TheoryData<string> Names() => [.. Readers.Keys];

    /// <summary>Readers of single files: a file that is right, and what reads it.</summary>
    private static Dictionary<string, (Func<byte[]> Good, Action<string> Read)> Readers { get; } = new()
    {
        ["w.workload.yaml"] = (Text("workloads/catalog/fixed-512-128.workload.yaml"), path => WorkloadFile.Read(path)),
        ["e.experiment.yaml"] = (
            Text("paper-artifacts/experiments/batch-size.experiment.yaml"), path => ExperimentFile.Read(path).Points()),
        ["slo.yaml"] = (Text("workloads/slos/dynamollm.yaml"), path => SloCatalog.Read(path)),
        ["model.yaml"] = (Text("workloads/models/llama-2-7b.yaml"), path => ModelCatalog.Read(path)),
        ["c.cluster.yaml"] = (
            Bytes("router: least_requests\nreplicas:\n"
                + "  - { gpu: H100-80GB-SXM, engine: vllm-0.11, count: 2, knobs: { tensor_parallelism: 2 } }\n"),
            path => ClusterFile.Read(path).For(ModelCatalog.Read("llama-2-7b"))),
        ["server.yaml"] = (
            Bytes("command: [vllm, serve, \"{model}\"]\nport: 8000\nready_seconds: 60\nmetrics_path: /metrics\n"),
            path => DocumentTree.Read(path).Bind<ServerDefinition>()),
        ["grid.yaml"] = (
            Bytes("grams_per_kilowatt_hour: 400\nsource: a table\ndate: 2025\nprice_per_kilowatt_hour: 0.2\ncurrency: EUR\n"),
            path => DocumentTree.Read(path).Bind<GridDocument>()),
        ["signal.csv"] = (
            Bytes("# a day\ntime,grams_per_kilowatt_hour,price_per_kilowatt_hour\n2025-01-15T00:00Z,200,\"0.1\"\n2025-01-15T01:00Z,,\n"),
            path => GridFile.Read(path, allowsGaps: true)),
        ["points.csv"] = (Text("paper-artifacts/points/01-splitwise-sim.csv"), path => PointsFile.Read(path)),
        ["fitted.txt"] = (Bytes("batch-size/b1 # one\nload/r2\n"), path => FittedRuns.Read([path])),
        ["normalised.csv"] = (Bytes("arrival_seconds,input_tokens,output_tokens\n0,5,7\n1.5,\"9\",2\n"), path => TraceFile.Read(path)),
        ["azure.csv"] = (
            Bytes("TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:15:46.6805900,374,44\n2023-11-16 18:15:50.9951690,396,109\n"),
            path => TraceFile.Read(path)),
        ["mooncake.jsonl"] = (
            Bytes("{\"timestamp\": 0, \"input_length\": 6758, \"output_length\": 500, \"hash_ids\": [0, 1]}\n{\"timestamp\": 3000, "
                + "\"input_length\": 7322, \"output_length\": 490, \"hash_ids\": [0, 2]}\n"),
            path => TraceFile.Read(path)),
        ["trace.csv.gz"] = (Compressed("arrival_seconds,input_tokens,output_tokens\n0,5,7\n1.5,9,2\n"), path => TraceFile.Read(path)),
        ["baselines.json"] = (
            Bytes("{\"idle\": {\"watts\": 70.5, \"error_watts\": 0.2, \"note\": \"10 s\"}}"), path => BaselineStore.Open(path)),
        ["send.csv"] = (Bytes("request_id,token_index,tokens,timestamp\n\"a\",-1,0,5\n\"a\",0,3,9\n"), path => SendLogFile.Read(path)),
        ["knobs/state.json"] = (
            Bytes("{\"uuid\": \"GPU-1\", \"process_id\": 7, \"process_started_at\": \"2026-01-01T00:00:00+00:00\"}"),
            path => KnobState.ReadAll(Path.GetDirectoryName(path)!).Count()),
        ["metrics.txt"] = (
            Bytes("# HELP a b\na{x=\"y\\\"\",z=\"\"} 1\nvllm:running 2 1700000000\nb +Inf\n"),
            path => PrometheusText.Series(InputFile.ReadText(path), _ => true).Count()),
        ["steps-log.csv"] = (
            Bytes("start_seconds,duration_seconds,prefill_tokens,decode_sequences,context_tokens,energy_joules,prefill_energy_joules,"
                + "clock_megahertz\n1e9,0.02,5,3,100,,,\n1000000001,0.02,5,3,100,1,1,1980\n"),
            path => EngineStepFile.Read(path, RunClock.Start(TimeProvider.System)).Count()),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Read_RefusesInOrder_WhenAFileIsDamaged(string name)
    {
        (Func<byte[]> good, Action<string> read) = Readers[name];
        string path = folder.Write(name, "");

        Fuzz(path, good(), () => Task.FromResult(ExitOf(() => read(path))));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Commands_EndInOrder_WhenAFileOfARecordIsDamaged(string file)
    {
        string record = WriteRecord("record");

        // The neighbour is whole, so that each command has something to do beside it.
        WriteRecord("neighbour");
        Fuzz(Path.Combine(record, file), File.ReadAllBytes(Path.Combine(record, file)), async () => Worst(
            await RunAsync("query", "SELECT (SELECT count(*) FROM requests), (SELECT count(*) FROM device), (SELECT count(*) FROM server), "
                + "(SELECT count(*) FROM steps), (SELECT count(*) FROM client_lags) FROM runs", folder.Root),
            await RunAsync("attribute", folder.Root),
            await RunAsync("export", "vllm-bench", record, "--out", folder.PathOf("vllm.json"))));
    }

    [Fact]
    public void Commands_EndInOrder_WhenAParquetTableIsDamaged()
    {
        string record = WriteRecord("record");
        string parquet = Path.Combine(record, "requests.parquet");
        TableConversion.Write(RecordTable.Requests, Path.Combine(record, RunFiles.Requests), isInterrupted: false);
        File.Delete(Path.Combine(record, RunFiles.Requests));

        Fuzz(parquet, File.ReadAllBytes(parquet), () => RunAsync("query", "SELECT count(*) FROM requests", record));
    }

    [Fact]
    public async Task Commands_EndInOrder_WhenAHistoryIsDamaged()
    {
        string record = WriteRecord("record");
        string history = folder.PathOf("history.jsonl");
        Assert.Equal(ExitCode.Success, await RunAsync("history", "add", history, record, "--label", "one"));
        Assert.Equal(ExitCode.Success, await RunAsync("history", "add", history, record, "--label", "two"));

        Fuzz(history, File.ReadAllBytes(history), async () =>
            Worst(await RunAsync("history", "show", history), await RunAsync("compare", history, record)));
    }

    [Fact]
    public void Compare_EndsInOrder_WhenABenchmarkReportIsDamaged()
    {
        const string Report = """{"Benchmarks": [{"FullName": "A.Run(N: 1)", "Memory": {"BytesAllocatedPerOperation": 96}}]}""";
        string before = folder.Write("before.json", Report);
        string after = folder.Write("after.json", Report);

        Fuzz(after, Encoding.UTF8.GetBytes(Report), () => RunAsync("compare", before, after));
    }

    public void Dispose() => folder.Dispose();

    private static Func<byte[]> Text(string path) => () => File.ReadAllBytes(Repository.PathOf(path));

    private static Func<byte[]> Bytes(string text) => () => Encoding.UTF8.GetBytes(text);

    private static Func<byte[]> Compressed(string text) => () =>
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Optimal))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return packed.ToArray();
    };

    private static string Table(string[] columns, params string[] rows) => $"{string.Join(',', columns)}\n{string.Join('\n', rows)}\n";

    private string WriteRecord(string name)
    {
        string record = new SyntheticRun { Batch = 2, Waves = 3 }.Write(folder.PathOf(name));
        (string File, string Text)[] more =
        [
            (RunFiles.ClientLags, "lag,bin,seconds,count\nschedule,900,0.0001,3\nschedule,1200,0.0002,1\n"),
            (RunFiles.Device, "device,quantity,seconds,value\ngpu0,sm_clock_megahertz,0.1,1980\ngpu0,temperature_celsius,0.2,45\n"),
            (RunFiles.Server, "metric,seconds,value\n\"running{a=\"\"b,c\"\"}\",0.1,3\nwaiting,0.2,0\n"),
            (RunFiles.Actions, Table(RunFiles.ActionColumns, "5,set_clock,0,1,1200 MHz,slack,5.065,", "6,start,2,,,load,,busy")),
            (RunFiles.Cluster, Table(RunFiles.ClusterColumns, "cluster,1,300,,320,,1200,8,1,8,,,3,0,")),
            (RunFiles.Power, "meter,seconds,watts,cumulative_joules\ngpu0,0.1,300,\ngpu0.energy,0.1,,100\ngpu0.energy,0.9,,400\n"),
        ];
        foreach ((string file, string text) in more.Where(table => !File.Exists(Path.Combine(record, table.File))))
        {
            File.WriteAllText(Path.Combine(record, file), text);
        }

        return record;
    }

    private static void Fuzz(string path, byte[] good, Func<Task<int>> run)
    {
        string? asked = Environment.GetEnvironmentVariable(CountVariable);
        int count = int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out int many) ? many : DefaultCount;
        FileMutation.Several.Sample(
            mutations =>
            {
                File.WriteAllBytes(path, FileMutation.Apply(good, mutations));
                long started = TimeProvider.System.GetTimestamp();
                long held = GC.GetTotalMemory(forceFullCollection: false);
                int exit = run().GetAwaiter().GetResult();

                Assert.Contains(exit, Allowed);
                Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.Zero, MaxTime);

                // Other tests run in this process, so that only what is held more counts.
                Assert.InRange(GC.GetTotalMemory(forceFullCollection: false) - held, long.MinValue, MaxBytes);
            },
            iter: count,
            threads: 1);
    }

    private static int ExitOf(Action read)
    {
        try
        {
            read();
            return ExitCode.Success;
        }
        catch (InvalidInputException)
        {
            return ExitCode.BadInput;
        }
        catch (UnavailableException)
        {
            return ExitCode.Unavailable;
        }
    }

    /// <summary>The exit code that is not allowed, if one of them is not.</summary>
    private static int Worst(params int[] codes) => codes.Max();

    private static async Task<int> RunAsync(params string[] arguments)
    {
        CommandResult result = await CommandRunner.RunAsync(arguments);
        return result.ExitCode == ExitCode.Bug ? throw new InvalidOperationException(result.Error) : result.ExitCode;
    }
}
