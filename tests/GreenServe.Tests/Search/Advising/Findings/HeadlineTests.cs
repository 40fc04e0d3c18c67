using GreenServe.Analysis.Advising;
using GreenServe.Analysis.Metrics;
using GreenServe.Records;
using GreenServe.Search.Advising.Findings;
using static GreenServe.Tests.Search.Advising.Findings.AdviceCase;

namespace GreenServe.Tests.Search.Advising.Findings;

public sealed class HeadlineTests
{
    private static Dictionary<long, IReadOnlyList<RunMetrics>> Runs { get; } = new()
    {
        [Number(2, 1500)] = RunsOf(1),
        [Number(2, 1980)] = RunsOf(1.3),
    };

    [Fact]
    public void AddTo_RecommendsTheMeasuredNumbers_WhereTheSimulatedPickWasMeasured()
    {
        AdviceDocument advice = Advice(Measured(Number(2, 1500), joules: 1.1));

        Assert.Equal(EvidenceKind.Measured, advice.Finalists[0].Evidence);
        Assert.Equal(1.1, advice.Finalists[0].ObjectiveValue!.Value, tolerance: 1e-9);
        Assert.Equal(EvidenceKind.Simulated, advice.Finalists[1].Evidence);

        // Excess of simulated settings is over the simulated numbers of the recommended one: 1.3 over 1.
        Assert.Equal(0.3, advice.Finalists[1].ExcessRatio!.Value, tolerance: 1e-9);
        Assert.StartsWith("Measured: 1 x TP 2, 1500 MHz on 2 GPUs serves chat", advice.Sentences[0]);
    }

    [Fact]
    public void AddTo_KeepsTheSimulatedPick_WhereTheSimulationPlacesItBelowWhatWasMeasured()
    {
        AdviceDocument advice = Advice(Measured(Number(2, 1980), joules: 0.5));

        // The measured 0.5 J is not held against the simulated 1 J: the simulation says that the measured setting takes 30 % more.
        Assert.Equal((EvidenceKind.Simulated, "1 x TP 2, 1500 MHz"), (advice.Finalists[0].Evidence, advice.Finalists[0].Words));
        Assert.Equal(0.5, Assert.Single(advice.Measured).ObjectiveValue!.Value, tolerance: 1e-9);
        Assert.Contains(
            advice.Sentences, sentence => sentence.StartsWith("Measured, apart from the simulated numbers: 1 x TP 2, 1980 MHz"));
    }

    [Fact]
    public void AddTo_DropsAFinalist_ThatMissedTheSloWhenItWasMeasured()
    {
        AdviceDocument advice = Advice(Measured(Number(2, 1500), joules: 1, ttftSeconds: 1.5));

        Assert.Equal("1 x TP 2, 1980 MHz", Assert.Single(advice.Finalists).Words);
    }

    [Fact]
    public void Missing_NamesTheMeasuredSetting_SoThatTheSimulationCanPlaceIt()
    {
        AdviceEvidence evidence = EvidenceOf(Runs, [Number(2, 1500)]) with { Measured = Measured(Number(4, 1200), joules: 1) };

        Assert.Contains(Number(4, 1200), FollowUps.Missing(evidence));
    }

    private static AdviceDocument Advice(MeasuredSettings measured) =>
        AdviceFindings.Of(EvidenceOf(Runs, [Number(2, 1500), Number(2, 1980)]) with { Measured = measured }).AddTo(Empty);

    private static MeasuredSettings Measured(long number, double joules, double ttftSeconds = 0.5) => new()
    {
        Settings =
        [
            new SettingRuns(Space[number], [.. RunsOf(joules, ttftSeconds).Select(run => run with
            {
                Manifest = run.Manifest with { Evidence = EvidenceKind.Measured, ErrorBands = null },
            })]),
        ],
    };
}
