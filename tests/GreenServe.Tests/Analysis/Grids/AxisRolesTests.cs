using System.Text.Json.Nodes;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Tables;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Analysis.Grids;

public sealed class AxisRolesTests
{
    [Fact]
    public void Of_TellsInputsFromKnobs_ByTheWorkload()
    {
        ResultTable table = Table(
            At(("max_batch", 8), ("prompt", 1)) with { WorkloadSha256 = One },
            At(("max_batch", 8), ("prompt", 2)) with { WorkloadSha256 = Two },
            At(("max_batch", 64), ("prompt", 1)) with { WorkloadSha256 = One },
            At(("max_batch", 64), ("prompt", 2)) with { WorkloadSha256 = Two });

        Assert.Equal(["max_batch: knob; prompt: input"], table.Distinct(StandardColumns.Axes));
        Assert.Equal(
            new Dictionary<string, AxisRole> { ["max_batch"] = AxisRole.Knob, ["prompt"] = AxisRole.Input }, AxisRoles.Read(table));
    }

    [Fact]
    public void Of_TakesAnUnknownAxisForAKnob_WhereTheWorkloadStaysTheSame() => Assert.Equal(
        ["scheduler: knob"], Table(At(("scheduler", "fifo")), At(("scheduler", "fair"))).Distinct(StandardColumns.Axes));

    [Fact]
    public void Of_TakesAxesThatChangeTogetherForInputs_WhenTheWorkloadChanges() => Assert.Equal(
        ["prompt: input; style: input"],
        Table(
            At(("prompt", 1), ("style", "a")) with { WorkloadSha256 = One },
            At(("prompt", 2), ("style", "b")) with { WorkloadSha256 = Two }).Distinct(StandardColumns.Axes));

    [Fact]
    public void Of_KeepsTheRoleOfAKnownAxis_WhateverItChanges() => Assert.Equal(
        ["batch: knob"],
        Table(At(("batch", 1)) with { WorkloadSha256 = One }, At(("batch", 8)) with { WorkloadSha256 = Two })
            .Distinct(StandardColumns.Axes));

    [Fact]
    public void Of_TellsWhatFollowsFromAnAxis_AndWhatDoesNot()
    {
        SyntheticRun[] follows = [At(("gpu", "A100")) with { Gpu = "A100" }, At(("gpu", "H100")) with { Gpu = "H100" }];
        SyntheticRun[] stands = [At(("batch", 1)) with { Gpu = "A100" }, At(("batch", 1)) with { Gpu = "H100" }];

        Assert.Equal(["gpu: subject; system: follower"], Table(follows).Distinct(StandardColumns.Axes));

        // Two systems at one place of the grid: nothing in the grid tells them apart.
        Assert.Equal(["batch: knob"], Table(stands).Distinct(StandardColumns.Axes));
    }

    [Fact]
    public void Read_IsEmpty_WhenATableStatesNoAxes() =>
        Assert.Empty(AxisRoles.Read(SyntheticTable.Of("old", new { joules_per_output_token = 1.0 })));

    private static string One { get; } = new('1', 64);

    private static string Two { get; } = new('2', 64);

    private static SyntheticRun At(params (string Axis, JsonNode Value)[] places) => new()
    {
        Artifact = "batch-size",
        Coordinates = places.ToDictionary(place => place.Axis, place => (JsonNode?)place.Value),
    };

    private static ResultTable Table(params SyntheticRun[] runs)
    {
        using TemporaryFolder folder = new();
        foreach ((int index, SyntheticRun run) in runs.Index())
        {
            run.Write(folder.PathOf($"{index}"));
        }

        return GridTable.Of("test", ExperimentRun.ReadAll([folder.Root]));
    }
}
