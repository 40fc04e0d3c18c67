using GreenServe.Records;
using GreenServe.Records.Systems;
using GreenServe.Workloads;
using GreenServe.Workloads.Arrivals;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Tests.Workloads.Experiments;

public sealed class OperatingPointTests
{
    private static readonly ServingSystem System = new() { Gpu = "H100-80GB-SXM", Engine = "vllm-0.11" };

    [Theory]
    [InlineData("--set: got 'max_batch' twice, want one value for each name", "max_batch=4", "max_batch=8")]
    [InlineData("--set: got 'precision=', want name=value with a value, or no such setting for the default", "precision=")]
    public void Apply_RefusesASetting_ThatSaysNothingOrSomethingElse(string expected, params string[] settings)
    {
        InvalidInputException exception = Assert.Throws<InvalidInputException>(
            () => PointSettings.Apply(System, new Knobs(), settings));

        Assert.Equal(expected, Assert.Single(exception.Problems).ToString());
    }

    [Fact]
    public void Of_KeepsTheWorkload_WhenNothingIsSet()
    {
        Workload workload = WorkloadCatalog.Read("azure-conversation-2023");

        OperatingPoint point = OperatingPoint.Of(workload, System, new Knobs { TensorParallelism = 8 });

        Assert.Equal(workload.ToCanonicalJson(), point.Workload.ToCanonicalJson());
        Assert.Equal(8, point.Knobs.TensorParallelism);
        Assert.Equal("azure-conversation-2023", point.Id);
        Assert.Null(point.Place);
        Assert.Empty(point.Coordinates);
    }

    [Fact]
    public void Of_SetsKnobsSystemModelAndPaths()
    {
        OperatingPoint point = OperatingPoint.Of(
            WorkloadCatalog.Read("fixed-closed-loop"),
            System,
            settings:
            [
                "tensor_parallelism=4", "gpu_clock_megahertz=1600", "precision=fp8",
                "gpu=H200", "gpu_count=4", "model=llama-3.1-8b", "slo=splitwise",
                "workload.arrival={kind: poisson, requests_per_second: 3}", "workload.seed=9",
                "power_cap_watts=null",
            ]);

        Assert.Equal(new Knobs { TensorParallelism = 4, GpuClockMegahertz = 1600, Precision = Precision.Fp8 }, point.Knobs);
        Assert.Equal(new ServingSystem { Gpu = "H200", GpuCount = 4, Engine = "vllm-0.11" }, point.System);
        Assert.Equal("llama-3.1-8b", point.Workload.Model);
        Assert.Equal("splitwise", point.Workload.Slo!.Name);
        Assert.Equal(new PoissonArrival { RequestsPerSecond = 3 }, point.Workload.Arrival);
        Assert.Equal(9UL, point.Seed);
    }

    [Theory]
    [InlineData("tensor_parallelism", "--set: got 'tensor_parallelism', want name=value")]
    [InlineData("tensor_parallelism=0", "--set tensor_parallelism=0: $.knobs.tensor_parallelism: got 0, want a whole number in [1, 64]")]
    [InlineData("gpu_count=", "--set: got 'gpu_count=', want name=value with a value, or no such setting for the default")]
    [InlineData("gpu_count=null", "--set gpu_count=null: $.system.gpu_count: got nothing, want a whole number in [1, 640000]")]
    [InlineData("power_cap_watts=.nan", "--set power_cap_watts=.nan: $.knobs.power_cap_watts: got NaN, want a number in [1, 10000]")]
    [InlineData("precision=bf17", "--set precision=bf17: $.knobs.precision: got 'bf17', want one of bf16, fp8, int8, int4, fp32, fp4")]
    [InlineData(
        "workload.lenghts=1",
        "--set workload.lenghts=1: $.workload.lenghts: got unknown key, want one of the keys name, purpose, source, model, slo, "
        + "classes, arrival, lengths, trace, dataset, prefix_sharing, sessions, priorities, adapters, requests, "
        + "duration_seconds, warm_up_seconds, seed")]
    [InlineData(
        "slo=fast",
        "--set slo=fast: $.workload.slo: got 'fast', want one of dynamollm, isolated-x5, mlperf-llama2-70b, "
        + "mlperf-llama2-70b-interactive, mlperf-llama3.1-8b, mlperf-llama3.1-8b-interactive, splitwise, or the path of a file *.yaml")]
    [InlineData("gpu={a", "--set: got 'gpu={a', want name=value with a value that is YAML")]
    public void Of_NamesTheSetting_WhenItIsWrong(string setting, string expected)
    {
        InvalidInputException exception = Assert.Throws<InvalidInputException>(
            () => OperatingPoint.Of(WorkloadCatalog.Read("fixed-closed-loop"), System, settings: [setting]));

        Assert.Equal(expected, exception.Message);
    }

    [Fact]
    public void Of_ReportsEverySetting_WhenSeveralAreWrong()
    {
        InvalidInputException exception = Assert.Throws<InvalidInputException>(
            () => OperatingPoint.Of(WorkloadCatalog.Read("fixed-closed-loop"), System, settings: ["tp=1", "max_batch=0", "gpu_count=x"]));

        Assert.Equal(3, exception.Problems.Count);
    }
}
