using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Statistics;
using GreenServe.Analysis.Tables;

namespace GreenServe.Tests.Analysis.Grids;

public sealed class SeedValuesTests
{
    [Fact]
    public void RatioOf_HasNoWidth_WhenRunsOfEqualSeedsDifferByOneFactor()
    {
        ResultTable table = Table(("1:10 2:20 3:30", 20), ("3:15 1:5 2:10", 10));

        // However much the seeds differ, each run of the second row takes half of its partner.
        MeanInterval ratio = SeedValues.JoulesPerRequest.RatioOf(table.Rows[1], table.Rows[0])!;

        Assert.Equal((0.5, 0.5, 0.5), (ratio.Mean, ratio.Low!.Value, ratio.High!.Value));
    }

    [Fact]
    public void RatioOf_IsStudentsT_OfThePairedRelativeDifferences()
    {
        ResultTable table = Table(("1:9 2:11", 10), ("1:20 2:20", 20));

        // The relative values of the first row are 0.9 and 1.1, of the second 1 and 1: differences -0.1 and 0.1, whose standard deviation
        // is 0.2 / sqrt(2). With one degree of freedom t = tan(0.475 pi), so that the half width is 0.5 x 0.1 x t.
        MeanInterval ratio = SeedValues.JoulesPerRequest.RatioOf(table.Rows[0], table.Rows[1])!;

        Assert.Equal(0.5, ratio.Mean, 1e-12);
        Assert.Equal(0.05 * Math.Tan(0.475 * Math.PI), ratio.HalfWidth!.Value, 1e-9);
    }

    [Theory]
    [InlineData("1:10", "1:5")]
    [InlineData("1:10 2:12", "3:5 4:6")]
    [InlineData(null, null)]
    [InlineData("SS", "1:x 2: :3 -1:4 1:NaN 2:2:2")]
    public void RatioOf_HasNoInterval_WhenFewerThanTwoSeedsAreCommon(string? first, string? second)
    {
        ResultTable table = Table((first, 10), (second, 5));

        Assert.Equal(new MeanInterval(1, 2, null, null), SeedValues.JoulesPerRequest.RatioOf(table.Rows[0], table.Rows[1]));
    }

    [Fact]
    public void RatioOf_IsAbsent_WhenAMeanIsNotAboveZero() =>
        Assert.Null(SeedValues.JoulesPerRequest.RatioOf(Table(("", 1), ("", 0)).Rows[0], Table(("", 1), ("", 0)).Rows[1]));

    [Fact]
    public void ProbabilitiesOfLeast_AreCertain_WhereOneRowIsLessInEveryPair()
    {
        ResultTable table = Table(("1:10 2:20 3:30", 20), ("1:10.1 2:20.1 3:30.1", 20.1));

        Assert.Equal([1, 0], SeedValues.JoulesPerRequest.ProbabilitiesOfLeast([.. table.Rows]));
    }

    [Fact]
    public void ProbabilitiesOfLeast_AreUnknown_WhereARowRanOnce() =>
        Assert.Null(SeedValues.JoulesPerRequest.ProbabilitiesOfLeast([.. Table(("1:10", 10), ("1:9", 9)).Rows]));

    private static ResultTable Table(params (string? BySeed, double Mean)[] rows) => SyntheticTable.Grid(
        "slo-tightness",
        [.. rows.Select(row => (object)new { joules_per_request = row.Mean, joules_per_request_by_seed = row.BySeed })]);
}
