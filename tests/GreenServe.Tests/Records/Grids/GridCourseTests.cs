using CsCheck;
using GreenServe.Records;
using GreenServe.Records.Grids;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Records.Grids;

public sealed class GridCourseTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2025, 1, 15, 12, 0, 0, TimeSpan.Zero);
    private readonly TemporaryFolder folder = new();

    /// <inheritdoc />
    public void Dispose() => folder.Dispose();

    [Fact]
    public void Over_IsTheNumberItself_WhereASignalIsConstant()
    {
        GridCourse constant = Read("grams_per_kilowatt_hour: 363.1\nprice_per_kilowatt_hour: 0.1\ncurrency: EUR\n");
        GridCourse signal = Signal("12:00,363.1,0.1\n12:01,363.1,0.1\n12:07,363.1,0.1\n13:00,,\n");

        GridMeans means = signal.Over(Noon, 10, 700, _ => Even);

        // Exactly, whatever the weights: thirds and sevenths of a sum would not add up to it.
        Assert.Equal(constant.Over(null, 10, 700, _ => Even), means);
        Assert.Equal(constant.Mean().Grams(1234.5), signal.FactorsOf(means)!.Grams(1234.5));
        Assert.Equal(constant.Mean().Cost(1234.5), signal.FactorsOf(means)!.Cost(1234.5));
    }

    [Fact]
    public void Over_IsTheMeanOverTime_WhereThePowerDoesNotChange()
    {
        GridCourse signal = Signal("12:00,100,0.1\n12:10,400,0.4\n13:00,,\n");

        GridMeans means = signal.Over(Noon, fromSeconds: 300, toSeconds: 1500, _ => Even);

        // 300 s at 100 g and 900 s at 400 g: (300 x 100 + 900 x 400) / 1200 = 325 g.
        Assert.Equal(325, means.GramsPerKilowattHour!.Value, tolerance: 1e-9);
        Assert.Equal(0.325, means.PricePerKilowattHour!.Value, tolerance: 1e-12);
    }

    [Fact]
    public void Over_WeighsByEnergy_AndAsksForItAtTheChangesOfTheSignal()
    {
        GridCourse signal = Signal("12:00,100,0\n12:10,400,0\n13:00,,\n");
        double[]? asked = null;

        // A run that begins at 12:05 and draws 300 W until its second 300, when the signal changes, and 100 W from then on.
        GridMeans means = signal.Over(Noon.AddMinutes(5), 0, 600, instants =>
        {
            asked = instants;
            return (from, to) => (300 * (Math.Min(to, 300) - Math.Min(from, 300))) + (100 * (Math.Max(to, 300) - Math.Max(from, 300)));
        });

        Assert.Equal([0, 300, 600], asked!);

        // 90 kJ at 100 g and 30 kJ at 400 g: (90 x 100 + 30 x 400) / 120 = 175 g.
        Assert.Equal(175, means.GramsPerKilowattHour!.Value, tolerance: 1e-9);
    }

    [Fact]
    public void Over_CutsPowerBetweenReadings_WhereTheSignalChanges() =>
        (from change in Gen.Int[1, 59]
         from low in Gen.Double[0, 500]
         from high in Gen.Double[0, 500]
         select (change, low, high)).Sample(draw =>
        {
            string at = FormattableString.Invariant($"12:{draw.change:00}");
            GridCourse signal = Signal(FormattableString.Invariant($"12:00,{draw.low:R},0\n{at},{draw.high:R},0\n13:00,,\n"));

            // A power that rises evenly from 0 W has used t² of energy at the time t.
            GridMeans means = signal.Over(Noon, 0, 3600, _ => (from, to) => (to * to) - (from * from));

            double share = Math.Pow(draw.change * 60 / 3600.0, 2);
            Assert.Equal((share * draw.low) + ((1 - share) * draw.high), means.GramsPerKilowattHour!.Value, tolerance: 1e-9);
        }, threads: 1);

    [Theory]
    [InlineData(-60, "the signal of the grid begins at 2025-01-15T12:00:00Z, after 2025-01-15T11:59:00Z")]
    [InlineData(3000, "the signal of the grid ends at 2025-01-15T13:00:00Z")]
    [InlineData(1e8, "the signal of the grid ends at 2025-01-15T13:00:00Z")]
    [InlineData(1100, "the signal of the grid states no carbon intensity from 2025-01-15T12:20:00Z on")]
    public void Over_SaysWhatIsNotCovered(double start, string expected)
    {
        GridCourse signal = Signal("12:00,100,0.1\n12:20,,0.1\n12:30,400,0.1\n13:00,900,0.9\n");

        GridMeans means = signal.Over(Noon.AddSeconds(start), 0, 1000, _ => Even);

        Assert.Equal((null, expected), (means.GramsPerKilowattHour, means.CarbonNotKnown));
        Assert.Null(signal.FactorsOf(means));
    }

    [Fact]
    public void Over_KnowsThePrice_WhereOnlyTheIntensityHasAGap()
    {
        GridMeans means = Signal("12:00,,0.1\n13:00,,\n").Over(Noon, 0, 60, _ => Even);

        Assert.Equal((0.1, null), (means.PricePerKilowattHour, means.PriceNotKnown));
        Assert.NotNull(means.CarbonNotKnown);
    }

    [Fact]
    public void Over_HasNoNumber_WhereARunHasNoTimeOfDay_OrItsEnergyNoCourse()
    {
        GridCourse signal = Signal("12:00,100,0.1\n12:20,200,0.1\n13:00,,\n");

        Assert.Contains("virtual time", signal.Over(null, 0, 60, _ => Even).CarbonNotKnown, StringComparison.Ordinal);
        Assert.Contains("energy at each time", signal.Over(Noon, 0, 1800, _ => null).CarbonNotKnown, StringComparison.Ordinal);
        Assert.Equal(100, signal.Over(Noon, 0, 60, _ => null).GramsPerKilowattHour);
    }

    [Fact]
    public void Over_TakesRowsOnlyForAStep_WhereTheFileStatesOne()
    {
        GridCourse signal = Signal("12:00,100,0.1\n12:30,300,0.1\n", "step_seconds: 600\n");

        // Rows hold for ten minutes: until 12:10 and from 12:30 to 12:40. The last one needs no row that ends it.
        Assert.Equal(100, signal.Over(Noon, 0, 600, _ => Even).GramsPerKilowattHour);
        Assert.Equal(300, signal.Over(Noon, 1800, 2400, _ => Even).GramsPerKilowattHour);
        Assert.Contains("from 2025-01-15T12:10:00Z on", signal.Over(Noon, 0, 601, _ => Even).CarbonNotKnown, StringComparison.Ordinal);
        Assert.Contains("ends at 2025-01-15T12:40:00Z", signal.Over(Noon, 2300, 2401, _ => Even).CarbonNotKnown, StringComparison.Ordinal);
    }

    [Fact]
    public void Over_RepeatsATypicalDay_BeforeAndAfterItsStart()
    {
        folder.Write("day.csv", "seconds,grams_per_kilowatt_hour\n0,100\n43200,300\n");
        GridCourse day = Read("signal: day.csv\nstart: 2025-01-01T00:00Z\nrepeats_every_seconds: 86400\n");

        Assert.Equal(300, day.Over(Noon.AddHours(1), 0, 3600, _ => Even).GramsPerKilowattHour);
        Assert.Equal(100, day.Over(new DateTimeOffset(2019, 6, 1, 8, 0, 0, TimeSpan.Zero), 0, 3600, _ => Even).GramsPerKilowattHour);
        Assert.Equal(200, day.Over(Noon.AddHours(-1), 0, 7200, _ => Even).GramsPerKilowattHour);
        Assert.Equal(200, day.Mean().GramsPerKilowattHour);
    }

    [Fact]
    public void Mean_WeighsByTime_AndRefusesAGap()
    {
        GridFactors mean = Signal("12:00,100,0.1\n12:15,300,0.3\n13:00,,\n").Mean();

        // A quarter of an hour at 100 g and three quarters at 300 g.
        Assert.Equal(250, mean.GramsPerKilowattHour, tolerance: 1e-9);
        Assert.Equal(0.25, mean.PricePerKilowattHour!.Value, tolerance: 1e-12);
        Assert.EndsWith("mean over time from 2025-01-15T12:00:00Z to 2025-01-15T13:00:00Z", mean.Provenance, StringComparison.Ordinal);
        Assert.Contains(
            "states no price from 2025-01-15T12:15:00Z on",
            Assert.Throws<InvalidInputException>(() => Signal("12:00,100,0.1\n12:15,300,\n13:00,,\n").Mean()).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "$.grams_per_kilowatt_hour: got nothing, want either it or a signal")]
    [InlineData("grams_per_kilowatt_hour: 1\nstep_seconds: 60\n", "$.step_seconds: got 60, want nothing: it belongs to a signal")]
    [InlineData("signal: rows.csv\ngrams_per_kilowatt_hour: 1\n", "$.grams_per_kilowatt_hour: got also a signal")]
    [InlineData("signal: rows.csv\n", "$.currency: got nothing, want the currency of the signal's prices")]
    [InlineData("signal: rows.csv\ncurrency: EUR\nstart: 2025-01-15T00:00Z\n", "$.start: got 2025-01-15T00:00Z, want nothing")]
    [InlineData("signal: rows.csv\ncurrency: EUR\nrepeats_every_seconds: 60\n", "$.repeats_every_seconds: got 60, want more than")]
    [InlineData("signal: seconds.csv\n", "$.start: got nothing, want a time in UTC")]
    [InlineData("signal: seconds.csv\nstart: today\n", "$.start: got today, want a time in UTC")]
    [InlineData("signal: one.csv\nstart: 2025-01-15T00:00Z\n", "rows: got one row, want at least two")]
    [InlineData("signal: price.csv\ncurrency: EUR\n", "header: got no grams_per_kilowatt_hour, want a column of that name")]
    [InlineData("signal: none.csv\n", "none.csv: file: got")]
    public void Read_SaysWhatIsWrong(string yaml, string expected)
    {
        Signal("12:00,100,0.1\n13:00,,\n");
        folder.Write("seconds.csv", "seconds,grams_per_kilowatt_hour\n0,1\n60,2\n");
        folder.Write("one.csv", "seconds,grams_per_kilowatt_hour\n0,1\n");
        folder.Write("price.csv", "time,price_per_kilowatt_hour\n2025-01-15T00:00Z,1\n2025-01-15T01:00Z,1\n");

        Assert.Contains(expected, Assert.Throws<InvalidInputException>(() => Read(yaml)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NamesTheYamlFile_WhereTheRowsAloneWereGiven()
    {
        Signal("12:00,100,0.1\n13:00,,\n");

        Assert.Contains(
            "want a YAML file with source, date and signal: rows.csv",
            Assert.Throws<InvalidInputException>(() => GridCourse.Read(folder.PathOf("rows.csv"))).Message,
            StringComparison.Ordinal);
    }

    private static double Even(double from, double to) => to - from;

    /// <summary>A signal of the day of <see cref="Noon"/>: rows of a time of day, a carbon intensity and a price.</summary>
    private GridCourse Signal(string rows, string more = "")
    {
        folder.Write("rows.csv", "time,grams_per_kilowatt_hour,price_per_kilowatt_hour\n" + string.Concat(
            rows.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(row => $"2025-01-15T{row.Insert(5, "Z")}\n")));
        return Read($"signal: rows.csv\ncurrency: EUR\n{more}");
    }

    private GridCourse Read(string yaml) =>
        GridCourse.Read(folder.Write("grid.yaml", $"source: the operator\ndate: \"2025-01-15\"\n{yaml}"));
}
