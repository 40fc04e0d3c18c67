using System.Text.Json.Nodes;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Systems;
using GreenServe.Tests.Fixtures;
using GreenServe.Workloads.Arrivals;
using GreenServe.Workloads.Catalogs;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Tests.Workloads.Experiments;

public sealed class ExperimentTests
{
    internal const string Head = """
        name: grid
        purpose: a test
        source: none
        artifact: batch-size
        system: { gpu: H100-80GB-SXM, engine: vllm-0.11 }
        knobs: { tensor_parallelism: 8 }
        workload: fixed-closed-loop

        """;

    public static TheoryData<string> Files() =>
    [
        .. Directory.GetFiles(Repository.PathOf("paper-artifacts", "experiments"), "*.yaml")
            .Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Files))]
    public void ExperimentOfTheRepository_HasValidPoints_WithFoldersOfTheirOwn(string file)
    {
        IReadOnlyList<OperatingPoint> points = ExperimentFile.Read(Repository.PathOf("paper-artifacts", "experiments", file)).Points();

        Assert.NotEmpty(points);
        Assert.Equal(points.Count, points.Select(point => point.Id).Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    [Fact]
    public void Points_ShareOneWorkload_WhereTheyDifferInKnobsOnly()
    {
        IReadOnlyList<OperatingPoint> points = Parse(Head + """
            grid:
              - name: users
                path: workload.arrival.concurrency
                values: [1, 16]
              - name: tp
                path: knobs.tensor_parallelism
                values: [4, 8]
            """).Points();

        Assert.Same(points[0].Workload, points[1].Workload);
        Assert.Same(points[2].Workload, points[3].Workload);
        Assert.NotSame(points[0].Workload, points[2].Workload);
    }

    [Fact]
    public void Points_FollowTheGrid_TheLastAxisVaryingFastest()
    {
        IReadOnlyList<OperatingPoint> points = Parse(Head + """
            overrides: { workload.requests: 12, knobs.precision: fp8 }
            repetitions: 2
            grid:
              - name: batch
                path: workload.arrival.concurrency
                values: [1, 16]
              - name: model
                cases:
                  Small One: { workload.model: llama-2-7b, knobs.tensor_parallelism: 1 }
                  large: { workload.model: llama-2-70b }
            """).Points();

        Assert.Equal(
            [
                "batch-1_model-small-one_r0", "batch-1_model-small-one_r1", "batch-1_model-large_r0", "batch-1_model-large_r1",
                "batch-16_model-small-one_r0", "batch-16_model-small-one_r1", "batch-16_model-large_r0", "batch-16_model-large_r1",
            ],
            points.Select(point => point.Id));
        OperatingPoint fifth = points[5];
        Assert.Equal(16, Assert.IsType<ClosedLoopArrival>(fifth.Workload.Arrival).Concurrency);
        Assert.Equal("llama-2-7b", fifth.Workload.Model);
        Assert.Equal(12, fifth.Workload.Requests);
        Assert.Equal(new Knobs { TensorParallelism = 1, Precision = Precision.Fp8 }, fifth.Knobs);
        Assert.Equal("H100-80GB-SXM", fifth.System.Gpu);
        Assert.Equal(1, fifth.Repetition);
        Assert.Equal("""{"batch":16,"model":"Small One"}""", Text(fifth.Coordinates));
        Assert.Equal(("grid", "batch-size", 1), (fifth.Place!.Experiment, fifth.Place.Artifact, fifth.Place.Repetition));
        Assert.Equal(8, points[7].Knobs.TensorParallelism);
    }

    [Fact]
    public void Points_AddTheRepetitionToTheSeed_AndLeaveTheWorkloadAsItIs()
    {
        IReadOnlyList<OperatingPoint> points = Parse(Head + "repetitions: 3").Points();

        Assert.Equal([1UL, 2UL, 3UL], points.Select(point => point.Seed));
        Assert.Single(points.Select(point => point.Workload.ComputeSha256()).Distinct());
    }

    [Fact]
    public void Points_HaveTheNameOfTheExperiment_WhenThereIsNoGrid() => Assert.Equal("grid", Assert.Single(Parse(Head).Points()).Id);

    [Fact]
    public void Points_TakeAnInlineWorkload()
    {
        OperatingPoint point = Assert.Single(Parse(Head.Replace("workload: fixed-closed-loop", """
            workload:
              name: own
              purpose: a test
              source: none
              model: llama-2-7b
              slo: dynamollm
              arrival: { kind: constant, requests_per_second: 1 }
              lengths: { kind: independent, input: { kind: fixed, tokens: 9 }, output: { kind: fixed, tokens: 9 } }
              requests: 5
            """, StringComparison.Ordinal)).Points());

        Assert.Equal("own", point.Workload.Name);
        Assert.Equal("dynamollm", point.Workload.Slo!.Name);
        Assert.Equal(5, point.Schedule().Requests.Count);
    }

    [Fact]
    public void Points_TakeAWorkloadFileBesideTheExperiment_AndItsOwnPaths()
    {
        using TemporaryFolder folder = new();
        folder.Write("loads/t.csv", "arrival_seconds,input_tokens,output_tokens\n0,1,1\n1,2,2\n");
        folder.Write(
            "loads/replay.workload.yaml",
            "name: replay\npurpose: p\nsource: s\nmodel: llama-2-7b\ntrace: { file: t.csv }\narrival: { kind: trace }\n"
            + "lengths: { kind: trace }\n");
        string path = folder.Write(
            "grid.experiment.yaml", Head.Replace("fixed-closed-loop", "loads/replay.workload.yaml", StringComparison.Ordinal));

        OperatingPoint point = Assert.Single(ExperimentFile.Read(path).Points());

        Assert.Equal(2, point.Schedule().Requests.Count);
    }

    [Fact]
    public void Points_ReplaceTheSloByName_WhenAnAxisNamesIt()
    {
        IReadOnlyList<OperatingPoint> points =
            Parse(Head + "grid:\n  - { name: slo, path: workload.slo, values: [dynamollm, splitwise, null] }").Points();

        Assert.Equal(["dynamollm", "splitwise", null], points.Select(point => point.Workload.Slo?.Name));
        Assert.Equal(["slo-dynamollm", "slo-splitwise", "slo-default"], points.Select(point => point.Id));
    }

    [Fact]
    public void Points_ReportEveryProblemOnce_WithTheLineOfItsAxisValue()
    {
        string[] problems = ProblemsOf(Head + """
            grid:
              - name: batch
                path: workload.arrival.concurrency
                values: [1, 0,
                  many]
              - name: clock
                path: knobs.gpu_clock_megahertz
                values: [-5, 1200]
              - name: typo
                path: workload.lengths.input.token
                values: [1]
              - name: model
                cases:
                  a: { workload.model: llama-9 }
                  b:
                    system.gpu_count: 0
            """);

        Assert.Equal(
            [
                "grid.yaml:11: $.workload.arrival.concurrency: got 0, want a whole number in [1, 1000000]",
                "grid.yaml:12: $.workload.arrival.concurrency: got 'many', want a whole number in [1, 1000000]",
                "grid.yaml:15: $.knobs.gpu_clock_megahertz: got -5, want a number in [1, 10000]",
                "grid.yaml:18: $.workload.lengths.input.token: got unknown key, want one of the keys kind, tokens",
                "grid.yaml:23: $.system.gpu_count: got 0, want a whole number in [1, 640000]",
            ],
            problems.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Points_NameTheModel_WhenTheSimulatorCouldNotKnowIt()
    {
        Experiment experiment = Parse(Head + "grid:\n  - name: model\n    path: workload.model\n    values: [llama-2-7b, my-finetune]");

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => experiment.Points());

        Assert.StartsWith("grid.yaml:11: $.workload.model: got 'my-finetune', want one of ", exception.Message, StringComparison.Ordinal);
        Assert.Equal(2, experiment.Points(backend: BackendKind.OpenAI).Count);
    }

    [Fact]
    public void Points_NameTheTrace_WhenItIsMissing()
    {
        string problem = Assert.Single(ProblemsOf(Head.Replace("fixed-closed-loop", "trace-replay", StringComparison.Ordinal)));

        Assert.Equal("trace.csv: trace: got nothing, want an existing trace file", problem);
    }

    [Fact]
    public void Points_NameTheLine_WhenTheWorkloadIsUnknown() =>
        Assert.StartsWith(
            "grid.yaml:7: $.workload: got 'fixed', want one of adapters-conversation, ",
            Assert.Single(ProblemsOf(Head.Replace("fixed-closed-loop", "fixed", StringComparison.Ordinal))),
            StringComparison.Ordinal);

    [Fact]
    public void Points_NameTheWorkloadsOwnFile_WhenItIsWrong()
    {
        using TemporaryFolder folder = new();
        string workload = folder.Write(
            "own.workload.yaml",
            "name: own\npurpose: p\nsource: s\nmodel: llama-2-7b\nrequests: 0\narrival: { kind: constant, requests_per_second: 1 }\n"
            + "lengths: { kind: independent, input: { kind: fixed, tokens: 9 }, output: { kind: fixed, tokens: 9 } }\n");
        string path = folder.Write(
            "grid.experiment.yaml", Head.Replace("fixed-closed-loop", "own.workload.yaml", StringComparison.Ordinal));

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => ExperimentFile.Read(path).Points());

        Assert.Equal($"{workload}:5: $.workload.requests: got 0, want a whole number in [1, 20000000]", exception.Message);
    }

    [Fact]
    public void Points_StayApart_WhenFolderNamesCannotTellThem()
    {
        IReadOnlyList<OperatingPoint> points =
            Parse(Head + "grid:\n  - name: m\n    path: workload.model\n    values: ['a b', 'a/b', '" + new string('x', 200) + "']")
                .Points(backend: BackendKind.OpenAI);

        Assert.Equal(3, points.Select(point => point.Id).Distinct().Count());
        Assert.All(points, point => Assert.Matches("^[a-z0-9._-]{1,120}$", point.Id));
    }

    [Fact]
    public void Points_GiveWayToSettings_OfTheCommandLine()
    {
        IReadOnlyList<OperatingPoint> points = Parse(Head + "grid:\n  - { name: batch, path: knobs.max_batch, values: [1, 2] }")
            .Points(["precision=fp8", "workload.requests=7", "gpu=A100-80GB-SXM"]);

        Assert.All(
            points,
            point => Assert.Equal((Precision.Fp8, 7, "A100-80GB-SXM"), (point.Knobs.Precision, point.Workload.Requests, point.System.Gpu)));
        Assert.Equal([1, 2], points.Select(point => point.Knobs.MaxBatch));
    }

    [Fact]
    public void Points_ReportASettingOnce_WhenItIsWrongEverywhere()
    {
        Experiment experiment = Parse(Head + "grid:\n  - { name: batch, path: knobs.max_batch, values: [1, 2] }");

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => experiment.Points(["precision=fp7", "tp=3"]));

        Assert.Equal(
            [
                "--set precision=fp7: $.knobs.precision: got 'fp7', want one of bf16, fp8, int8, int4, fp32, fp4",
                $"--set: got 'tp', want one of the knobs {string.Join(", ", PointSettings.Names)}, "
                + "or a path that begins with workload., knobs., system.",
            ],
            exception.Problems.Select(problem => problem.ToString()).Order(StringComparer.Ordinal));
    }

    internal static Experiment Parse(string yaml) =>
        ExperimentFile.Bind(new NamedDocument(DocumentTree.Parse(yaml, "grid.yaml"), Folder: null));

    private static string[] ProblemsOf(string yaml) =>
        [.. Assert.Throws<InvalidInputException>(() => Parse(yaml).Points()).Problems.Select(problem => problem.ToString())];

    private static string Text(IReadOnlyDictionary<string, JsonNode?> coordinates) =>
        new JsonObject(coordinates.Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone()))).ToJsonString();
}
