using GreenServe.Analysis.Advising;
using GreenServe.Analysis.Pricing;
using GreenServe.Records.Grids;
using GreenServe.Analysis.Metrics;
using GreenServe.Records.Systems;
using GreenServe.Records.Verdicts;
using GreenServe.Tests.Search.Advising.Findings;

namespace GreenServe.Tests.Analysis.Advising;

public sealed class AdvisedRunsTests
{
    private static readonly TokenPrices Prices = new()
    {
        Grid = new GridFactors
        {
            GramsPerKilowattHour = 360,
            Source = "test",
            Date = "2026",
            PricePerKilowattHour = 0.36,
            Currency = "EUR",
        },
        GpuHourPrice = 3.6,
    };

    [Fact]
    public void Of_AveragesTheRuns_WithStudentsInterval()
    {
        AdvisedSetting setting = Advised([AdviceCase.RunOf(1, seed: 1), AdviceCase.RunOf(2, seed: 2), AdviceCase.RunOf(3, seed: 3)]);

        // Mean 2, standard deviation 1: t(0.975, 2) / sqrt(3) = 4.3027 / 1.7321 = 2.484.
        Assert.Equal(2, setting.JoulesPerOutputToken);
        Assert.Equal(2 - 2.484, setting.LowJoulesPerOutputToken!.Value, tolerance: 1e-3);
        Assert.Equal(2, setting.ObjectiveValue);
        Assert.True(setting.IsFeasible);
    }

    [Fact]
    public void Of_AveragesTheRatiosOfALimit_AndGivesThemTheirBand()
    {
        AdvisedSetting setting = Advised(
        [
            AdviceCase.RunOf(1, ttftSeconds: 0.4, seed: 1, Analysis.SyntheticRun.SomeBands),
            AdviceCase.RunOf(1, ttftSeconds: 0.8, seed: 2, Analysis.SyntheticRun.SomeBands),
        ]);

        // The limit is 1 s; the band of TTFT is 0.6 to 2.
        LimitMargin limit = Assert.Single(setting.Limits);
        Assert.Equal(0.6, limit.Ratio!.Value, tolerance: 1e-12);
        Assert.Equal(0.6, limit.FoundSeconds!.Value, tolerance: 1e-12);
        Assert.Equal((0.36, 1.2), (Math.Round(limit.LowRatio!.Value, 9), Math.Round(limit.HighRatio!.Value, 9)));
        Assert.Equal(1000, limit.Samples);
        Assert.True(setting.MeetsSlo);
    }

    [Fact]
    public void Of_MissesTheSlo_WhereAFailedRequestStandsAtThePercentile()
    {
        AdvisedSetting setting = Advised([AdviceCase.RunOf(1, ttftSeconds: 0.4), AdviceCase.RunOf(1, double.PositiveInfinity, seed: 2)]);

        Assert.False(setting.MeetsSlo);
        Assert.Null(Assert.Single(setting.Limits).Ratio);
        Assert.False(setting.IsFeasible);
    }

    [Fact]
    public void Of_SaysHowManyRunsAReasonIsAgainst()
    {
        RunVerdict verdict = new([new VerdictReason(VerdictCode.Saturated, "the queue grew")]);

        AdvisedSetting setting = Advised([AdviceCase.RunOf(1), AdviceCase.RunOf(1, seed: 2, verdict: verdict)]);

        Assert.Equal(["the queue grew (1 of 2 runs)"], setting.Reasons);
        Assert.False(setting.IsFeasible);
    }

    [Fact]
    public void Of_PricesElectricityAndAccelerators()
    {
        RunMetrics run = AdviceCase.RunOf(2) with { OutputTokensPerSecond = Reading.Of(100) };

        AdvisedSetting setting = Advised([run], AdviceObjective.Cost, Prices);

        // A million tokens take 2 MJ = 0.5556 kWh, 0.2 EUR; two accelerators at 3.6 an hour take 0.002 EUR/s for 10,000 s, 20 EUR.
        Assert.Equal(20.2, setting.CostPerMillionTokens!.Value, tolerance: 1e-9);
        Assert.Equal(20.2, setting.ObjectiveValue!.Value, tolerance: 1e-9);
        Assert.Equal(200, setting.GramsPerMillionTokens!.Value, tolerance: 1e-9);
        Assert.Null(Advised([run]).CostPerMillionTokens);
        Assert.Single(ObjectiveNumbers.ProblemsOf(AdviceObjective.Cost, new TokenPrices()));
    }

    [Fact]
    public void Of_WarnsOfTheQuality_WhereTheNumberFormatIsBelow16Bits()
    {
        Assert.Null(AdvisedRuns.QualityNoteOf(Precision.Bf16));
        Assert.Null(AdvisedRuns.QualityNoteOf(null));
        Assert.StartsWith("fp8 weights may change the answers.", AdvisedRuns.QualityNoteOf(Precision.Fp8));
    }

    private static AdvisedSetting Advised(
        IReadOnlyList<RunMetrics> runs, AdviceObjective objective = AdviceObjective.Joules, TokenPrices? prices = null) => AdvisedRuns.Of(
        AdviceCase.Start with { Knobs = new Knobs { TensorParallelism = 2 } }, runs, objective, prices ?? new TokenPrices());
}
