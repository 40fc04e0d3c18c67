using System.Text.Json.Nodes;
using GreenServe.Analysis.Answers;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Pricing;
using GreenServe.Analysis.Tables;
using GreenServe.Records.Grids;
using GreenServe.Records.Systems;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Analysis.Answers;

public sealed class AnswerPriceTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    /// <inheritdoc />
    public void Dispose() => folder.Dispose();

    [Fact]
    public void SentencesOf_SayWhatAMillionTokensEmitAndCost_WhereAGridWasStated()
    {
        PriceList prices = new()
        {
            Grid = GridCourse.Of(new GridFactors
            {
                GramsPerKilowattHour = 360,
                Source = "the operator",
                Date = "2025",
                PricePerKilowattHour = 0.36,
                Currency = "EUR",
            }),
            Currency = "EUR",
        };

        ResultTable table = GridTable.Of("gpu-clock", [Run(1000, 300, prices), Run(1400, 400, prices)]);
        Answer answer = Assert.Single(Answer.AllOf([table]));

        // A token of J joules makes J megajoules of a million tokens. A megajoule is 1/3.6 kWh: 100 gCO2e and 0.1 EUR.
        double megajoules = table.Rows[0][MetricColumns.JoulesPerOutputToken.Mean]!.Value;
        Assert.Equal(100 * megajoules, answer.Best!.GramsPerMillionTokens!.Value, tolerance: 1e-9);
        Assert.Equal(0.1 * megajoules, answer.Best.CostPerMillionTokens!.Value, tolerance: 1e-9);
        Assert.Contains(
            AnswerText.SentencesOf(answer),
            sentence => sentence.StartsWith("A million output tokens of this setting emit ", StringComparison.Ordinal)
                && sentence.EndsWith(" EUR.", StringComparison.Ordinal));
        TableRow setting = SettingTable.Of([answer]).Rows[0];
        Assert.Equal(answer.Best.GramsPerMillionTokens, setting[MetricColumns.GramsPerMillionTokens.Mean]);
        Assert.Equal("EUR", setting[GridColumns.Currency]);
    }

    [Fact]
    public void SentencesOf_SayNothingOfPrices_WhereNoneWasStated()
    {
        ResultTable table = GridTable.Of("gpu-clock", [Run(1000, 300, null), Run(1400, 400, null)]);
        Answer answer = Assert.Single(Answer.AllOf([table]));

        Assert.DoesNotContain(AnswerText.SentencesOf(answer), sentence => sentence.Contains("million", StringComparison.Ordinal));
        Assert.Null(SettingTable.Of([answer]).Rows[0][MetricColumns.GramsPerMillionTokens.Mean]);
    }

    private ExperimentRun Run(double clock, double decodeWatts, PriceList? prices)
    {
        SyntheticRun run = new()
        {
            Artifact = "gpu-clock",
            Coordinates = new Dictionary<string, JsonNode?> { ["gpu_clock_megahertz"] = clock },
            Knobs = new Knobs { TensorParallelism = 1, Precision = Precision.Bf16, GpuClockMegahertz = clock },
            DecodeWatts = decodeWatts,
        };
        return ExperimentRun.Read(run.Write(folder.PathOf(FormattableString.Invariant($"{clock}"))), prices);
    }
}
