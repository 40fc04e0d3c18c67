using GreenServe.Analysis.Advising;
using GreenServe.Analysis.Metrics;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Running;
using GreenServe.Search.Advising.Deployments;
using GreenServe.Search.Advising.Trials;
using GreenServe.Tests.Fixtures;
using GreenServe.Workloads;
using GreenServe.Workloads.Experiments;
using GreenServe.Workloads.Traces;

namespace GreenServe.Tests.Search.Advising.Deployments;

public sealed class FinalistExperimentTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Write_GivesAnExperiment_WhoseRunsAreThoseOfTheAdvice()
    {
        AdviceDocument advice = TestAdvice.Of(
            TestAdvice.Workload,
            TestAdvice.Finalist(TestAdvice.Setting(new Knobs { GpuClockMegahertz = 1410, MaxBatch = 16 }), "1 x TP 1, 1410 MHz: #1"),
            TestAdvice.Finalist(TestAdvice.Setting(new Knobs { TensorParallelism = 2, MaxBatch = 16 }), "1 x TP 2"),
            TestAdvice.Finalist(TestAdvice.Setting(new Knobs { MaxBatch = 16 }), "1 x TP 2"));

        FinalistExperimentFile file = Assert.Single(FinalistExperiment.Write(advice, folder.Root));

        IReadOnlyList<OperatingPoint> points = ExperimentFile.Read(file.Path).Points();
        Assert.Equal(9, points.Count);
        SettingTrials trials = new(TestAdvice.Workload);
        await using IPointRunner runner = PointRunner.Open(new PointRunnerOptions { Backend = BackendKind.Simulated, Points = points });
        foreach ((OperatingPoint point, ServingSetting setting) in points.Where(point => point.Repetition == 1).Zip(file.Settings))
        {
            RunRecord record = await runner.RunAsync(point, folder.PathOf(point.Id), CancellationToken.None);
            RunMetrics expected = trials.Run(setting, repetition: 1);
            Assert.Equal(
                expected.JoulesPerOutputToken.Value!.Value, RunMetrics.Of(record).JoulesPerOutputToken.Value!.Value, tolerance: 1e-9);
        }
    }

    [Theory]
    [InlineData(2, 0)]
    [InlineData(1, 1)]
    public async Task Write_GivesAClusterBesideTheExperiment_WhenAFinalistHasSeveralInstances(int replicas, int prefillReplicas)
    {
        ServingSetting one = TestAdvice.Setting(new Knobs { MaxBatch = 32 });
        ServingSetting setting = one with { Replicas = replicas, PrefillReplicas = prefillReplicas, CachesPrefixes = true };
        AdviceDocument advice = TestAdvice.Of(
            TestAdvice.Workload, TestAdvice.Finalist(setting, "several"), TestAdvice.Finalist(TestAdvice.Setting(), "one"));

        IReadOnlyList<FinalistExperimentFile> files = FinalistExperiment.Write(advice, folder.Root);

        Assert.Equal(2, files.Count);
        Assert.Null(files[1].ClusterPath);
        OperatingPoint point = ExperimentFile.Read(files[0].Path).Points()[0];
        point = point with { System = new ServingSystem { Cluster = files[0].ClusterPath } };
        await using IPointRunner runner = PointRunner.Open(new PointRunnerOptions { Backend = BackendKind.Simulated, Points = [point] });
        RunRecord record = await runner.RunAsync(point, folder.PathOf("record"), CancellationToken.None);
        Assert.Equal(
            new SettingTrials(TestAdvice.Workload).Run(setting).JoulesPerOutputToken.Value!.Value,
            RunMetrics.Of(record).JoulesPerOutputToken.Value!.Value,
            tolerance: 1e-9);
    }

    [Fact]
    public void Write_KeepsTheWorkload()
    {
        AdviceDocument advice = TestAdvice.Of(TestAdvice.Workload, TestAdvice.Finalist(TestAdvice.Setting(), "one"));

        FinalistExperimentFile file = Assert.Single(FinalistExperiment.Write(advice, folder.Root));

        Assert.Equal(TestAdvice.Workload.ToCanonicalJson(), ExperimentFile.Read(file.Path).Points()[0].Workload.ToCanonicalJson());
    }

    [Fact]
    public void Write_FindsTheTraceFromAnyFolder()
    {
        folder.Write("in/short.csv", "arrival_seconds,input_tokens,output_tokens\n0,10,5\n1,20,5\n");
        Workload workload = WorkloadCatalog.Read("azure-code-2023-replay") with { Trace = new TraceSource { File = "short.csv" } };
        AdviceDocument advice = TestAdvice.Of(workload, TestAdvice.Finalist(TestAdvice.Setting(), "one"));

        FinalistExperimentFile file = Assert.Single(FinalistExperiment.Write(advice, folder.PathOf("out"), folder.PathOf("in")));

        Assert.Equal(2, ExperimentFile.Read(file.Path).Points()[0].Schedule().Requests.Count);
    }
}
