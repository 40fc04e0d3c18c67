using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Running;
using GreenServe.Running.Live;
using GreenServe.Serving.OpenAi;
using GreenServe.Serving.Servers;
using GreenServe.Workloads;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Tests.Running;

public sealed class PointRunnerTests
{
    private static readonly OpenAiOptions Connection = new() { Endpoint = new Uri("http://127.0.0.1:1"), Seed = 1 };

    public static TheoryData<PointRunnerOptions, Type> Choices => new()
    {
        { new PointRunnerOptions { Backend = BackendKind.Simulated }, typeof(VirtualPointRunner) },
        { new PointRunnerOptions { Backend = BackendKind.Engine }, typeof(EnginePointRunner) },
        { new PointRunnerOptions { Backend = BackendKind.OpenAI, Connection = Connection }, typeof(EndpointPointRunner) },
        {
            new PointRunnerOptions { Backend = BackendKind.OpenAI, Connection = Connection, Server = new ServerDefinition() },
            typeof(LaunchedServerPointRunner)
        },
    };

    [Theory]
    [MemberData(nameof(Choices))]
    public async Task Open_ChoosesTheRunnerOfTheBackend(PointRunnerOptions options, Type expected)
    {
        await using IPointRunner runner = PointRunner.Open(options);

        Assert.IsType(expected, Assert.IsType<DefinedPointRunner>(runner).Backend);
        Assert.Equal(options.Backend == BackendKind.Simulated, runner.RunsConcurrently);
    }

    [Fact]
    public void Open_NamesTheMissingServer_WhenThereIsNeitherAddressNorDefinition()
    {
        InvalidInputException exception = Assert.Throws<InvalidInputException>(
            () => PointRunner.Open(new PointRunnerOptions { Backend = BackendKind.OpenAI }));

        Assert.Equal("$.server", Assert.Single(exception.Problems).Place);
    }

    [Fact]
    public async Task RequireRunnable_NamesPointAndFile_OfEveryProblem()
    {
        await using SimulatedPointRunner runner = new(new PointInputs(), new RecordOptions(), new LiveRun());
        OperatingPoint good = OperatingPoint.Of(
            WorkloadCatalog.Read("fixed-512-128"),
            new ServingSystem { Gpu = "H100-80GB-SXM", GpuCount = 8, Engine = "vllm-0.11" },
            new Knobs { TensorParallelism = 8 });
        OperatingPoint bad = good with { Id = "bad", System = good.System with { Gpu = "no-such-gpu" } };

        InvalidInputException exception = Assert.Throws<InvalidInputException>(
            () => runner.RequireRunnable([good, bad], "some.experiment.yaml", new ParallelOptions()));

        Assert.NotEmpty(exception.Problems);
        Assert.All(exception.Problems, problem => Assert.Equal("some.experiment.yaml", problem.File));
        Assert.All(exception.Problems, problem => Assert.StartsWith("bad: ", problem.Place, StringComparison.Ordinal));
    }
}
