using GreenServe.Analysis.Artifacts;

namespace GreenServe.Tests.Analysis.Artifacts;

public sealed class GridNamesTests
{
    [Theory]
    [InlineData("batch-limits")]
    [InlineData("my_sweep.2")]
    [InlineData("load-test")]
    public void Refusal_IsAbsent_WhereNoFileHasTheName(string name) => Assert.Null(GridNames.Refusal(name));

    [Theory]
    [InlineData("runs")]
    [InlineData("load-power")]
    [InlineData("Batch-Size")]
    [InlineData("slo-best-points")]
    [InlineData("slo-tightness-best")]
    [InlineData("simulator-errors-ratios")]
    [InlineData("energy-regression-percentiles")]
    public void Refusal_NamesTheFile_WhereTheSuiteHasOneOfTheName(string name) =>
        Assert.Contains(name.ToLowerInvariant(), GridNames.Refusal(name), StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("../x")]
    [InlineData("-x")]
    [InlineData("x.")]
    [InlineData("con")]
    [InlineData("NUL.csv")]
    [InlineData("x.column")]
    [InlineData("a b")]
    [InlineData("\u00e9")]
    public void Refusal_SaysWhatANameIs_WhereItCannotBeAFile(string name) => Assert.Equal(GridNames.AllowedName, GridNames.Refusal(name));

    [Fact]
    public void Refusal_SaysWhatANameIs_WhenItIsTooLong() => Assert.Equal(GridNames.AllowedName, GridNames.Refusal(new string('x', 81)));

    [Theory]
    [InlineData("model", true)]
    [InlineData("class", true)]
    [InlineData("anything at all", true)]
    [InlineData("joules_per_output_token", false)]
    [InlineData("ttft_p99_seconds_low", false)]
    [InlineData("evidence", false)]
    [InlineData("repetitions", false)]
    [InlineData("a; b: knob", false)]
    [InlineData("a\nb", false)]
    [InlineData("", false)]
    public void IsAxis_TellsWhetherATableHasRoomForTheColumn(string name, bool expected) => Assert.Equal(expected, GridNames.IsAxis(name));
}
