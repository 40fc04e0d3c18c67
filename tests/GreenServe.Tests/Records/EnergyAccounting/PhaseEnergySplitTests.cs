using GreenServe.Records.EnergyAccounting;
using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Tests.Metering.EnergyAccounting;

namespace GreenServe.Tests.Records.EnergyAccounting;

public class PhaseEnergySplitTests
{
    private const double FloorWatts = 120;
    private const double PrefillJoules = 0.02;
    private const double DecodeJoules = 0.3;

    [Fact]
    public void ByRegression_FindsTheCoefficients_WhenTheEnergyIsExact()
    {
        Random random = new(7);
        PhaseWindow[] windows = [.. Enumerable.Range(0, 40).Select(_ => Window(random.Next(0, 20_000), random.Next(0, 900)))];

        PhaseEnergySplit split = PhaseEnergySplit.ByRegression(windows);

        Assert.Equal(PrefillJoules, split.JoulesPerPrefillToken!.Value.Value, 9);
        Assert.Equal(DecodeJoules, split.JoulesPerDecodeToken!.Value.Value, 9);
        Assert.Equal(FloorWatts * 80, split.FloorJoules!.Value.Value, 5);
        Assert.Equal(1, split.RSquared!.Value, 9);
        Assert.Equal(
            windows.Sum(window => window.Joules),
            split.PrefillJoules!.Value.Value + split.DecodeJoules!.Value.Value + split.FloorJoules.Value.Value,
            5);
    }

    [Fact]
    public void ByRegression_CoversTheTruthWithItsError_WhenTheEnergyIsNoisy()
    {
        Random random = new(11);
        PhaseWindow[] windows =
        [
            .. Enumerable.Range(0, 200).Select(_ => Window(random.Next(0, 20_000), random.Next(0, 900)))
                .Select(window => window with { Joules = window.Joules + (40 * (random.NextDouble() - 0.5)) }),
        ];

        PhaseEnergySplit split = PhaseEnergySplit.ByRegression(windows);

        Assert.InRange(split.RSquared!.Value, 0.9, 0.9999);
        Assert.InRange(
            PrefillJoules,
            split.JoulesPerPrefillToken!.Value.Value - (2 * split.JoulesPerPrefillToken.Value.Error),
            split.JoulesPerPrefillToken.Value.Value + (2 * split.JoulesPerPrefillToken.Value.Error));
        Assert.True(split.JoulesPerPrefillToken.Value.Error > 0);
    }

    [Fact]
    public void ByRegression_NeverGoesNegative_WhenDecodeCostsNothing()
    {
        Random random = new(3);
        PhaseWindow[] windows =
        [
            .. Enumerable.Range(0, 40).Select(_ =>
            {
                int prefill = random.Next(0, 20_000);
                int decode = random.Next(0, 900);
                return new PhaseWindow(2, (FloorWatts * 2) + (PrefillJoules * prefill) - (0.01 * decode), prefill, decode);
            }),
        ];

        PhaseEnergySplit split = PhaseEnergySplit.ByRegression(windows);

        Assert.Equal(0, split.JoulesPerDecodeToken!.Value.Value);
        Assert.True(split.JoulesPerDecodeToken.Value.Error > 0);
    }

    [Fact]
    public void ByRegression_RefusesToSplit_WhenPrefillAndDecodeRiseTogether()
    {
        PhaseWindow[] windows = [.. Enumerable.Range(1, 30).Select(index => Window(100 * index, 10 * index))];

        PhaseEnergySplit split = PhaseEnergySplit.ByRegression(windows);

        Assert.Contains("cannot be told apart", split.NotMeasured, StringComparison.Ordinal);
        Assert.Null(split.PrefillJoules);
    }

    [Fact]
    public void ByRegression_RefusesToSplit_WhenTheWindowsAreFew()
    {
        PhaseEnergySplit split = PhaseEnergySplit.ByRegression([Window(10, 1), Window(1, 10)]);

        Assert.Contains("2 stretches", split.NotMeasured, StringComparison.Ordinal);
    }

    [Fact]
    public void FromSteps_AddsUpTheSteps_AndCutsThemAtTheWindow()
    {
        EngineStep[] steps =
        [
            new(0, 1, 512, 0, 0) { EnergyJoules = 600, PrefillEnergyJoules = 600 },
            new(1, 1, 0, 8, 4096) { EnergyJoules = 400, PrefillEnergyJoules = 0 },
            new(2, 2, 0, 0, 0) { EnergyJoules = 240 },
        ];

        PhaseEnergySplit split = PhaseEnergySplit.FromSteps(steps, 0.5, 3);

        Assert.Equal(300, split.PrefillJoules!.Value.Value, 9);
        Assert.Equal(400, split.DecodeJoules!.Value.Value, 9);
        Assert.Equal(120, split.FloorJoules!.Value.Value, 9);
        Assert.Equal(600.0 / 512, split.JoulesPerPrefillToken!.Value.Value, 9);
    }

    [Fact]
    public void FromSteps_IsNotMeasured_WhenAStepCarriesNoEnergy()
    {
        PhaseEnergySplit split = PhaseEnergySplit.FromSteps([new EngineStep(0, 1, 512, 0, 0)], 0, 1);

        Assert.Contains("carries no energy", split.NotMeasured, StringComparison.Ordinal);
    }

    [Fact]
    public void Cut_GivesEachStretchItsEnergyAndTokens_WhenStepsReachOverEdges()
    {
        // One stretch is 20 refreshes of 0.1 s; one step of 4 s covers two of them.
        IReadOnlyDictionary<string, MeterSeries> series =
            MeterSeries.ByMeter(SyntheticMeter.ReadCounter(time => 300 * time, SyntheticMeter.Every(0.05, 0, 30)));
        EngineStep[] steps = [new(10, 4, 800, 6, 0), new(14, 0.5, 0, 4, 0)];

        IReadOnlyList<PhaseWindow> windows = PhaseWindow.Cut([SyntheticMeter.Counter()], series, 10, 16, PhaseWindow.WorkOf(steps));

        Assert.Equal([400.0, 400.0, 0.0], windows.Select(window => window.PrefillTokens));
        Assert.Equal([3.0, 3.0, 4.0], windows.Select(window => window.DecodeTokens));
        Assert.All(windows, window => Assert.Equal(600, window.Joules, tolerance: 60));
    }

    [Fact]
    public void Cut_IsEmpty_WhenAMeterHasNoNumber()
    {
        IReadOnlyDictionary<string, MeterSeries> series =
            MeterSeries.ByMeter(SyntheticMeter.ReadCounter(time => 300 * time, SyntheticMeter.Every(0.05, 0, 12)));

        Assert.Empty(PhaseWindow.Cut([SyntheticMeter.Counter()], series, 10, 16, []));
    }

    [Fact]
    public void WorkOf_SpreadsARequest_BetweenItsInstants()
    {
        RequestRecord request = new(1, "MM", 0, 1, 2, 5, 512, 512, 100, 100, RequestStatus.Completed);

        PhaseWork[] work = [.. PhaseWindow.WorkOf([request])];

        Assert.Equal([new PhaseWork(1, 2, 512, 0), new PhaseWork(2, 5, 0, 99)], work);
    }

    private static PhaseWindow Window(int prefill, int decode) =>
        new(2, (FloorWatts * 2) + (PrefillJoules * prefill) + (DecodeJoules * decode), prefill, decode);
}
