using System.Globalization;
using System.Text.RegularExpressions;
using GreenServe.Analysis.Reports;
using GreenServe.Analysis.Comparison;
using GreenServe.Analysis.Comparison.Pages;
using GreenServe.Analysis.Figures;
using GreenServe.Analysis.Tables;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Analysis.Comparison.Pages;

public sealed class ComparisonPageTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    /// <inheritdoc />
    public void Dispose() => folder.Dispose();

    [Fact]
    public void Write_ShowsTheNumbersOfTheCsv()
    {
        string html = Write(ComparedSets.Three(folder));

        ResultTable changes = Table(ComparisonTables.Changes);
        double[] effects = [.. changes.Numbers(new NumberColumn("effect"))];
        Assert.NotEmpty(effects);
        string[] cells = [.. Regex.Matches(html, "data-v=\"([^\"]+)\"").Select(match => match.Groups[1].Value)];
        Assert.All(
            effects.Concat(changes.Numbers(new NumberColumn("candidate"))),
            number => Assert.Contains(number.ToString("R", CultureInfo.InvariantCulture), cells));

        // A fifth more power at every point of the second set, and the same latency.
        TableRow energy = changes.Rows.First(row => row.Text(new TextColumn("metric")) == "joules_per_output_token"
            && row.Text(new TextColumn("candidate_set")) == "hotter");
        Assert.Equal(0.2, energy[new NumberColumn("effect")]!.Value, tolerance: 1e-9);
        Assert.Contains("+20.0 %", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_ListsPointsThatNotEverySetHas_AndInvalidRuns()
    {
        string html = Write(ComparedSets.Three(folder));

        // The first two sets have 1700 MHz and the third 1980 MHz: two of four points are not in every set.
        Assert.Contains("2 of 4 points are not in every set and come first.", html, StringComparison.Ordinal);
        Assert.Contains("1 of 6 runs of other is INVALID, in no number and in no chart.", html, StringComparison.Ordinal);
        Assert.Contains("the meter &lt;b&gt;fell&lt;/b&gt; silent", html, StringComparison.Ordinal);
        ResultTable points = Table(ComparisonTables.Points);
        Assert.Equal(
            ["1700", "1980"],
            points.Rows.Where(row => row.Text(new TextColumn("in_every_set")) == "no")
                .Select(row => Regex.Match(row.Text(new TextColumn("point"))!, "megahertz (\\d+)").Groups[1].Value).Distinct());
        Assert.Single(Table(ComparisonTables.InvalidRuns).Rows);
    }

    [Fact]
    public void Write_DrawsASeriesForEachSet_WithItsEvidence()
    {
        ComparedSet[] sets = ComparedSets.Three(folder);

        ComparisonFigure figure = Assert.Single(ComparisonFigure.AllOf(sets));

        Assert.Equal("comparison-gpu-clock-by-gpu-clock-megahertz", figure.Name);
        LinePanel energy = Assert.IsType<LinePanel>(figure.Drawing.Panels[0]);
        Assert.Equal(
            ["before (simulated)", "hotter (simulated)", "other (simulated)"], energy.Series.Select(series => series.Name));

        // Every point of every set is drawn, at the number of the table behind the figure; the INVALID run is in no mean.
        Assert.Equal([1000, 1400, 1700], energy.Series[0].Points.Select(point => point.X));
        Assert.Equal([1000, 1400, 1980], energy.Series[2].Points.Select(point => point.X));
        Assert.Equal(
            figure.Table.Numbers(new NumberColumn("joules_per_output_token")).Order(),
            energy.Series.SelectMany(series => series.Points).Select(point => point.Y).Order());
        Assert.Contains(1, figure.Table.Numbers(new NumberColumn("invalid_repetitions")));
    }

    [Fact]
    public void Write_DrawsDistributions_WhereRunsBelongToNoExperiment()
    {
        ComparedSet[] sets = ComparedSets.Of(folder, ("a", RepeatedRuns.With(1)), ("b", RepeatedRuns.With(2)));

        ComparisonFigure figure = Assert.Single(ComparisonFigure.AllOf(sets));

        Assert.Equal("comparison-distributions", figure.Name);
        Assert.Equal(
            10, Assert.IsType<LinePanel>(figure.Drawing.Panels[0]).Series.Count);
        Assert.All(figure.Table.Rows, row => Assert.True(row[new NumberColumn("y")] > 0));
    }

    [Fact]
    public void Write_EscapesForeignNames()
    {
        string html = Write(ComparedSets.Three(folder, first: "<script>alert('x')</script>"));

        Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;", html, StringComparison.Ordinal);
    }

    [Fact]
    public void CellOf_GivesTheRangeOfTheChanges_AndCountsTheVerdicts()
    {
        MetricChange[] energy = [.. ComparedSets.Three(folder)[1].Report!.Changes
            .Where(change => change.Metric.Metric.Name == "joules_per_output_token")];

        // A fifth more at each of three points, for certain: two repetitions differ by a thousandth.
        HtmlCell cell = MetricOverview.CellOf(energy);
        Assert.Equal(("+20.0 %", "3 WORSE", "fail"), (cell.Text, cell.Note, cell.Style));
        Assert.True(MetricOverview.CellOf([energy[0] with { Effect = null, Reason = "not measured in the candidate" }]).IsAbsent);
        Assert.Equal("-10.0 to +20.0 %", MetricOverview.CellOf([energy[0] with { Effect = -0.1 }, energy[1]]).Text);
    }

    [Fact]
    public void NamesOf_AreTheShortestEndsThatDiffer()
    {
        Assert.Equal(["before", "after"], ComparedSet.NamesOf(["/r/before", "/r/after/"]));
        Assert.Equal(["a/records", "b/records"], ComparedSet.NamesOf(["/x/a/records", "/x/b/records"]));
        Assert.Equal(["records #1", "records #2"], ComparedSet.NamesOf(["/x/records", "/x/records/"]));
    }

    private string Write(ComparedSet[] sets)
    {
        ComparisonPage.Write(sets, folder.PathOf("page"));
        return File.ReadAllText(folder.PathOf("page", ComparisonPage.FileName));
    }

    private ResultTable Table(string name) => TableFile.Read(folder.PathOf("page", "artifacts", $"{name}.csv"));
}
