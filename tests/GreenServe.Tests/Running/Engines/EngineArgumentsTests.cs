using GreenServe.Records;
using GreenServe.Records.Systems;
using GreenServe.Running.Engines;
using GreenServe.Workloads;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Tests.Running.Engines;

public sealed class EngineArgumentsTests
{
    private static readonly ServingSystem Cpu = new() { Gpu = "cpu", GpuCount = 1, Engine = "greenserve" };

    [Fact]
    public void For_MakesSlotsAsLongAsTheLongestRequest()
    {
        OperatingPoint point = PointOf(Cpu, new Knobs { Precision = Precision.Fp32, MaxBatch = 4, StepTokens = 128 });

        string[] arguments = [.. EngineArguments.For([point], "steps.csv")];

        // The workload's requests are 512 in and 128 out: 640 tokens, a multiple of 64.
        Assert.Equal("640", ValueOf("--max-context"));
        Assert.Equal("cpu", ValueOf("--device"));
        Assert.Equal("float32", ValueOf("--precision"));
        Assert.Equal("4", ValueOf("--max-batch"));
        Assert.Equal("128", ValueOf("--step-tokens"));
        Assert.Equal("llama-15m", ValueOf("--model"));
        Assert.Equal("steps.csv", ValueOf("--steps"));

        string ValueOf(string option) => arguments[Array.IndexOf(arguments, option) + 1];
    }

    [Fact]
    public void For_NamesEveryKnobThatTheEngineDoesNotHave()
    {
        OperatingPoint point = PointOf(Cpu, new Knobs { Precision = Precision.Fp8, TensorParallelism = 2, PipelineParallelism = 2 });

        InvalidInputException exception = Assert.Throws<InvalidInputException>(
            () => EngineArguments.For([point], "steps.csv"));

        string[] places = ["knobs.tensor_parallelism", "knobs.pipeline_parallelism", "knobs.precision"];
        Assert.Equal(places, exception.Problems.Select(problem => problem.Place));
    }

    [Fact]
    public void For_HasTheGpusOfTheSystemShareTheLayers()
    {
        ServingSystem two = new() { Gpu = "H100-80GB-SXM", GpuCount = 2, Engine = "greenserve-torch" };
        OperatingPoint shared = PointOf(two, new Knobs { TensorParallelism = 2 });

        string[] arguments = [.. EngineArguments.For([shared], "steps.csv")];

        Assert.Equal("2", arguments[Array.IndexOf(arguments, "--tensor-parallelism") + 1]);
        Assert.DoesNotContain("--tensor-parallelism", EngineArguments.For([PointOf(two, new Knobs())], "steps.csv"));
        Assert.NotEqual(EngineArguments.KeyOf(shared), EngineArguments.KeyOf(PointOf(two, new Knobs())));
        Problem problem = Assert.Single(EngineArguments.Check(PointOf(two, new Knobs { TensorParallelism = 4 })));
        Assert.Contains("1 to the 2 GPUs", problem.Allowed, StringComparison.Ordinal);
    }

    private static OperatingPoint PointOf(ServingSystem system, Knobs knobs) => OperatingPoint.Of(
        WorkloadCatalog.Read("fixed-closed-loop") with { Model = "llama-15m" }, system, knobs, []);
}
