using System.Text.Json.Nodes;
using GreenServe.Analysis;
using GreenServe.Records;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Analysis.Artifacts;

public sealed class RecordedArtifactTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData("load-power", "axis", "$.experiment.experiment")]
    [InlineData("../../outside", "axis", "$.experiment.experiment")]
    [InlineData("mine", "ttft_p99_seconds", "$.experiment.coordinates")]
    public void Require_NamesTheRecord_WhoseArtifactCouldNotBeDrawn(string experiment, string axis, string place)
    {
        Write("records", experiment, axis);

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => AnalysisOutput.ReadRuns([folder.PathOf("records")]));

        Problem problem = Assert.Single(exception.Problems);
        Assert.Equal((place, true), (problem.Place, problem.File!.StartsWith(folder.Root, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("mine", "Mine")]
    [InlineData("mine", "mine-pareto")]
    public void AllOf_NamesBothExperiments_WhoseFilesWouldHaveOneName(string first, string second)
    {
        Write("records/a", first, "axis");
        Write("records/b", second, "axis");

        InvalidInputException exception = Assert.Throws<InvalidInputException>(
            () => AnalysisOutput.WriteArtifacts(AnalysisOutput.ReadRuns([folder.PathOf("records")]).Items, folder.PathOf("out")));

        Assert.All(exception.Problems, problem => Assert.Equal($"'{first}' and '{second}'", problem.Found));
        Assert.False(Directory.Exists(folder.PathOf("out")));
    }

    public void Dispose() => folder.Dispose();

    private void Write(string records, string experiment, string axis) => ArtifactWriterTests.WriteRecords(
        folder.PathOf(records),
        [new SyntheticRun { Experiment = experiment, Coordinates = new Dictionary<string, JsonNode?> { [axis] = 1 } }]);
}
