using GreenServe.Cli;
using GreenServe.Tests.Fixtures;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Tests.Cli;

public sealed class MeasuredExperimentTests
{
    public static TheoryData<string> Files => [.. Paths];

    private static IEnumerable<string> Paths => new[] { "measured-cpu", "measured-cpu-full" }
        .SelectMany(folder => Directory.GetFiles(Repository.PathOf("paper-artifacts", "experiments", folder), "*.experiment.yaml"))
        .Select(path => Path.GetRelativePath(Repository.Root, path));

    [Theory]
    [MemberData(nameof(Files))]
    public void EveryPoint_CanRunOnTheBuiltInEngine(string file)
    {
        Experiment experiment = ExperimentFile.Read(Repository.PathOf(file));

        IReadOnlyList<OperatingPoint> points = experiment.Points();

        Assert.Equal(BackendKind.Engine, experiment.Backend);
        Assert.InRange(points.Count, 4, 100);
        Assert.All(points, point =>
        {
            Assert.Empty(EngineArguments.Check(point));
            string[] arguments = [.. EngineArguments.For([point], "steps.csv")];
            Assert.Equal(point.Workload.Model, arguments[Array.IndexOf(arguments, "--model") + 1]);
            Assert.True(point.Knobs.MaxBatch >= point.Schedule().Concurrency);
        });
    }

    [Fact]
    public void ShortVersion_AsksForLittle()
    {
        // What two cores do in well under 90 s: llama-15m processes thousands of prompt tokens and hundreds of tokens a second.
        OperatingPoint[] points = [.. Paths.Where(file => !file.Contains("full", StringComparison.Ordinal))
            .SelectMany(file => ExperimentFile.Read(Repository.PathOf(file)).Points())];

        Assert.InRange(points.Length, 3, 15);
        Assert.InRange(points.Sum(point => point.Schedule().Requests.Sum(request => request.OutputTokens)), 1, 20_000);
        Assert.InRange(points.Sum(point => point.Schedule().Requests.Sum(request => request.InputTokens)), 1, 40_000);
    }
}
