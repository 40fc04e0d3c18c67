using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Metrics;
using GreenServe.Analysis.Pricing;
using GreenServe.Analysis.Tables;
using GreenServe.Records.Grids;
using GreenServe.Records.Runs;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Analysis.Metrics;

public sealed class RunCostsTests : IDisposable
{
    private static readonly DateTimeOffset Midnight = new(2025, 1, 15, 0, 0, 0, TimeSpan.Zero);
    private static readonly GridFactors Factors = new()
    {
        GramsPerKilowattHour = 360,
        Source = "the operator",
        Date = "2025",
        PowerUsageEffectiveness = 1.25,
        PricePerKilowattHour = 0.2,
        Currency = "EUR",
    };

    private readonly TemporaryFolder folder = new();

    /// <inheritdoc />
    public void Dispose() => folder.Dispose();

    [Fact]
    public void Of_IsEnergyTimesOneNumber_WhereTheGridDoesNotChange()
    {
        RunMetrics run = Priced(new PriceList { Grid = GridCourse.Of(Factors), Currency = "EUR" });

        double joules = run.JoulesPerOutputToken.Value!.Value;
        Assert.Equal(Factors.Grams(1e6 * joules), run.Costs!.GramsPerMillionTokens.Value);
        Assert.Equal(1e6 * Factors.Cost(joules)!.Value, run.Costs.CostPerMillionTokens.Value!.Value, tolerance: 1e-9);
        Assert.Equal(360, run.Costs.GramsPerKilowattHour.Value);
    }

    [Fact]
    public void Of_WeighsTheSignalByTheEnergyOfTheWindow()
    {
        // Three waves of 0.5 s at 600 W and 1 s at 300 W. The window opens with the first token at 0.5 s and closes at 4.5 s. The signal
        // changes at 3 s: until then 1 s at 300 W, 0.5 s at 600 W and 1 s at 300 W, 900 J. After it a whole wave, 600 J.
        RunMetrics run = Priced(new PriceList { Grid = Signal("00:00:00Z,100\n00:00:03Z,400\n01:00:00Z,\n"), VirtualStart = Midnight });

        Assert.Equal(((900 * 100) + (600 * 400)) / 1500.0, run.Costs!.GramsPerKilowattHour.Value!.Value, tolerance: 1e-9);
        Assert.Equal(
            1e6 * run.JoulesPerOutputToken.Value!.Value / 3.6e6 * 220, run.Costs.GramsPerMillionTokens.Value!.Value, tolerance: 1e-9);
    }

    [Fact]
    public void Of_CountsAcceleratorsByTheHour_AndElectricity()
    {
        RunMetrics run = Priced(new PriceList { Grid = GridCourse.Of(Factors), GpuHourPrice = 3.6, Currency = "EUR" });

        // One accelerator costs 0.001 EUR a second.
        double accelerators = 1e6 * 0.001 / run.OutputTokensPerSecond.Value!.Value;
        double electricity = 1e6 * Factors.Cost(run.JoulesPerOutputToken.Value!.Value)!.Value;
        Assert.Equal(accelerators + electricity, run.Costs!.CostPerMillionTokens.Value!.Value, tolerance: 1e-9);
    }

    [Fact]
    public void Of_SaysWhy_WhereTheSignalOrTheEnergyIsMissing()
    {
        PriceList prices = new() { Grid = Signal("00:00:00Z,100\n00:00:03Z,\n"), VirtualStart = Midnight, GpuHourPrice = 1 };

        RunMetrics run = Priced(prices);

        Assert.Equal("the signal of the grid ends at 2025-01-15T00:00:03Z", run.Costs!.GramsPerMillionTokens.NotMeasured);
        Assert.NotNull(run.Costs.CostPerMillionTokens.Value);
        Assert.Contains(
            "virtual time", Priced(prices with { VirtualStart = null }).Costs!.GramsPerMillionTokens.NotMeasured, StringComparison.Ordinal);
        Assert.Equal("no price was stated", Priced(prices with { GpuHourPrice = null }).Costs!.CostPerMillionTokens.NotMeasured);
    }

    [Fact]
    public void Tables_HaveTheColumns_OnlyWhereTheyWereAskedFor()
    {
        string record = new SyntheticRun { Artifact = "batch-size" }.Write(folder.PathOf("run"));
        PriceList prices = new() { Grid = GridCourse.Of(Factors), Currency = "EUR" };

        Assert.DoesNotContain(
            GridTable.Of("grid", [ExperimentRun.Read(record)]).Columns, column => column.Name.Contains("co2e", StringComparison.Ordinal));
        ResultTable priced = GridTable.Of("grid", [ExperimentRun.Read(record, prices)]);
        Assert.Equal("EUR", priced.Rows[0][GridColumns.Currency]);
        Assert.True(priced.Rows[0][MetricColumns.GramsPerMillionTokens.Mean] > 0);
        Assert.True(priced.Rows[0][MetricColumns.CostPerMillionTokens.Mean] > 0);
        Assert.False(priced.Has(MetricColumns.HostWatts.Mean));
    }

    private RunMetrics Priced(PriceList prices)
    {
        string record = folder.PathOf("record");
        return RunMetrics.Of(Directory.Exists(record) ? RunRecord.Read(record) : new SyntheticRun().WriteAndRead(record), prices);
    }

    private GridCourse Signal(string rows)
    {
        folder.Write("rows.csv", "time,grams_per_kilowatt_hour\n" + string.Concat(
            rows.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(row => $"2025-01-15T{row}\n")));
        return GridCourse.Read(folder.Write("grid.yaml", "signal: rows.csv\nsource: the operator\ndate: \"2025\"\n"));
    }
}
