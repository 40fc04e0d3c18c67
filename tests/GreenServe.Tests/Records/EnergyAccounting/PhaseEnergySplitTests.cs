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

    [Theory]
    [InlineData(0.0, "the fit explains nothing (R² ")]
    [InlineData(0.7, "the fit explains too little (R² 0.")]
    public void ByRegression_IsNotMeasured_WhenTheFitExplainsTooLittle(double signalShare, string words)
    {
        // The energy of a stretch follows its tokens by a share of 0 or 0.7 of the spread, and otherwise nothing in the run.
        Random random = new(5);
        PhaseWindow[] windows =
        [
            .. Enumerable.Range(0, 60).Select(_ =>
            {
                (int prefill, int decode) = (random.Next(0, 20_000), random.Next(0, 900));
                double signal = (PrefillJoules * prefill) + (DecodeJoules * decode);
                double noise = 600 * random.NextDouble();
                return new PhaseWindow(2, (FloorWatts * 2) + (signalShare * signal) + ((1 - signalShare) * noise), prefill, decode);
            }),
        ];

        PhaseEnergySplit split = PhaseEnergySplit.ByRegression(windows);

        Assert.StartsWith(words, split.NotMeasured, StringComparison.Ordinal);
        Assert.EndsWith("at least 0.80 is needed)", split.NotMeasured, StringComparison.Ordinal);
        Assert.Null(split.JoulesPerPrefillToken);
        Assert.Null(split.DecodeJoules);
        Assert.True(split.RSquared < PhaseEnergySplit.MinRSquared);
    }

    [Fact]
    public void ByRegression_IsNotMeasured_WhenThePowerNeverVaries()
    {
        // 500 W whatever is done: a token did not cost 0 J, nobody knows what it cost.
        Random random = new(7);
        PhaseWindow[] windows =
            [.. Enumerable.Range(0, 40).Select(_ => new PhaseWindow(2, 1000, random.Next(0, 20_000), random.Next(0, 900)))];

        PhaseEnergySplit split = PhaseEnergySplit.ByRegression(windows);

        Assert.Contains("explains nothing (R² 0.00", split.NotMeasured, StringComparison.Ordinal);
        Assert.Null(split.JoulesPerDecodeToken);
    }

    [Fact]
    public void ByRegression_IsNotMeasured_WhenTheFitGivesTokensNoEnergy()
    {
        // Decoded tokens appear to save 0.1 J each. Without negative terms they cost 0 J, which is no finding about them.
        Random random = new(7);
        PhaseWindow[] windows =
        [
            .. Enumerable.Range(0, 40).Select(_ => (Prefill: random.Next(0, 20_000), Decode: random.Next(0, 900)))
                .Select(work => new PhaseWindow(2, 1000 + (0.1 * work.Prefill) - (0.1 * work.Decode), work.Prefill, work.Decode)),
        ];

        PhaseEnergySplit split = PhaseEnergySplit.ByRegression(windows);

        Assert.StartsWith("the fit would give decoded tokens no energy", split.NotMeasured, StringComparison.Ordinal);
        Assert.Null(split.JoulesPerDecodeToken);
        Assert.True(split.RSquared > PhaseEnergySplit.MinRSquared);
    }

    [Fact]
    public void ByRegression_IsNotMeasured_WhenTheFloorIsWrongByFar()
    {
        // Power falls by drift while the work rises a little: above a floor that is far too low a fit is worse than the mean.
        PhaseWindow[] windows =
            [.. Enumerable.Range(0, 30).Select(index => new PhaseWindow(2, 900 - (5 * index), 100 + (index % 3), 40 + index))];

        PhaseEnergySplit split = PhaseEnergySplit.ByRegression(windows, floorWatts: 10);

        Assert.True(split.RSquared < 0);
        Assert.Contains("explains nothing (R² -", split.NotMeasured, StringComparison.Ordinal);
    }

    [Fact]
    public void ByRegression_WidensTheErrors_UntilTheyCoverWhatThePartsLeaveOver()
    {
        // Every stretch used 30 J that no token and no floor explains; the fit has no term to put them into.
        Random random = new(7);
        PhaseWindow[] windows =
        [
            .. Enumerable.Range(0, 40).Select(_ => Window(random.Next(0, 20_000), random.Next(0, 900)))
                .Select(window => window with { Joules = window.Joules + 30 }),
        ];

        PhaseEnergySplit split = PhaseEnergySplit.ByRegression(windows, FloorWatts);

        ErrorBounded prefill = split.PrefillJoules!.Value;
        ErrorBounded decode = split.DecodeJoules!.Value;
        double rest = windows.Sum(window => window.Joules) - prefill.Value - decode.Value - split.FloorJoules!.Value.Value;
        Assert.True(rest > 0);
        Assert.InRange(prefill.Error + decode.Error, rest * (1 - 1e-9), double.PositiveInfinity);
    }

    [Fact]
    public void ByRegression_WidensTheErrors_WhenResidualsFollowEachOther()
    {
        // Both records are disturbed by 25 J a stretch: one without a pattern, the other as a drift of 20 stretches up and 20 down.
        double Error(Func<int, int> signOf)
        {
            Random random = new(7);
            PhaseWindow[] windows =
            [
                .. Enumerable.Range(0, 400).Select(index => Window(random.Next(0, 20_000), random.Next(0, 900)) is var window
                    ? window with { Joules = window.Joules + (25 * signOf(index)) }
                    : default),
            ];
            return PhaseEnergySplit.ByRegression(windows).JoulesPerDecodeToken!.Value.Error;
        }

        double drifting = Error(index => index / 20 % 2 == 0 ? 1 : -1);
        double alternating = Error(index => index % 2 == 0 ? 1 : -1);

        // The drift changes sign once in 20 stretches, so r = 1 - 2/20 = 0.9 and the errors grow by sqrt(1.9 / 0.1) = 4.4; alternating
        // residuals have r below 0 and keep theirs.
        Assert.InRange(drifting / alternating, 3.5, 4.5);
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
