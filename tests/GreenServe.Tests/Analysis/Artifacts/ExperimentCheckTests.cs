using System.Text.Json.Nodes;
using GreenServe.Analysis.Artifacts;
using GreenServe.Records;

namespace GreenServe.Tests.Analysis.Artifacts;

public sealed class ExperimentCheckTests
{
    [Fact]
    public void Of_FindsNothing_WhereTheGridCanBeDrawn() => Assert.Empty(Check("mine", artifact: null, Axis("max_batch", 1, 2, 4)));

    [Fact]
    public void Of_NamesTheAxesThatAnArtifactLacks()
    {
        Problem problem = Assert.Single(Check("mine", "gpu-clock", Axis("gpu_clock_megahertz", 800, 1000)));

        Assert.Equal(("$.artifact", "'gpu-clock' without batch in the grid"), (problem.Place, problem.Found));
    }

    [Theory]
    [InlineData("precision", true)]
    [InlineData("model-size", true)]
    [InlineData("slo-tightness", true)]
    [InlineData("power-cap", false)]
    public void Of_CountsWhatRunsStateThemselves(string artifact, bool isFine) => Assert.Equal(
        isFine,
        !Check("mine", artifact, ["knobs.gpu_clock_megahertz"], isSimulated: true, Axis("batch", 1, 2)).Any());

    [Fact]
    public void Of_DoesNotRefuse_WhatAMeasuredServerMayState() =>
        Assert.Empty(Check("mine", "power-cap", [], isSimulated: false, Axis("batch", 1, 2)));

    [Fact]
    public void Of_FindsEveryProblemAtOnce()
    {
        Problem[] problems =
        [
            .. Check(
                "runs",
                artifact: null,
                Axis("seeds", 1, 2),
                Axis("a", [.. Enumerable.Range(0, 30)]),
                Axis("b", [.. Enumerable.Range(0, 30)])),
        ];

        Assert.Equal(["$.grid[0].name", "$.name", "$.grid"], problems.Select(problem => problem.Place));
        Assert.Equal("2 numbers of seeds x 30 numbers of a x 30 numbers of b", problems[2].Found);
        Assert.StartsWith("a grid that a figure can show: heat maps of at most 24 columns", problems[2].Allowed, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_SaysThatAGridNeedsNoArtifact_WhenOneIsUnknown()
    {
        Problem problem = Assert.Single(Check("mine", "no-such", Axis("a", 1, 2)));

        Assert.Equal("$.artifact", problem.Place);
        Assert.EndsWith("or no artifact: then one is made from the grid", problem.Allowed, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_CountsNamesThatChangeTogetherOnce()
    {
        // Thirty cases named a/b have thirty places on each, and thirty points.
        JsonNode?[] names = [.. Enumerable.Range(0, 30).Select(JsonNode? (number) => JsonValue.Create(number))];

        Assert.Empty(ExperimentCheck.Of(Planned(
            "mine", artifact: null, [], isSimulated: true, new("a", "$.grid[0]", names), new("b", "$.grid[0]", names))));
    }

    private static IEnumerable<Problem> Check(string name, string? artifact, params PlannedAxis[] axes) =>
        Check(name, artifact, [], isSimulated: true, axes);

    private static IEnumerable<Problem> Check(
        string name, string? artifact, string[] paths, bool isSimulated, params PlannedAxis[] axes) => ExperimentCheck.Of(Planned(
            name, artifact, paths, isSimulated, [.. axes.Select((axis, index) => axis with { Place = $"$.grid[{index}]" })]));

    private static PlannedExperiment Planned(
        string name, string? artifact, string[] paths, bool isSimulated, params PlannedAxis[] axes) =>
        new() { Name = name, Artifact = artifact, Axes = axes, Paths = paths, IsSimulated = isSimulated };

    private static PlannedAxis Axis(string name, params int[] values) =>
        new(name, "", [.. values.Select(JsonNode? (value) => JsonValue.Create(value))]);
}
