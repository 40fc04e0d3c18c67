using GreenServe.Analysis.Advising;
using GreenServe.Analysis.Metrics;
using GreenServe.Records.Measurements;
using GreenServe.Search.Advising.Findings;
using static GreenServe.Tests.Search.Advising.Findings.AdviceCase;

namespace GreenServe.Tests.Search.Advising.Findings;

public sealed class AdviceFindingsTests
{
    /// <summary>TP 1 at 1980 MHz misses the limit by 20 %; TP 2 at 1500 MHz is the least that keeps it.</summary>
    private static Dictionary<long, IReadOnlyList<RunMetrics>> Runs { get; } = new()
    {
        [Number(1, 1980)] = RunsOf(0.8, ttftSeconds: 1.2),
        [Number(2, 1200)] = RunsOf(1.05, ttftSeconds: 0.9),
        [Number(2, 1500)] = RunsOf(1, ttftSeconds: 0.7),
        [Number(2, 1980)] = RunsOf(1.3),
        [Number(4, 1500)] = RunsOf(1.5),
        [Number(4, 1980)] = RunsOf(2),
    };

    private static AdviceEvidence Evidence { get; } =
        EvidenceOf(Runs, [Number(4, 1980), Number(2, 1500), Number(2, 1980)]) with
        {
            Defaults =
            [
                new SettingRuns(Space[Number(4, 1980)], Runs[Number(4, 1980)]),
                new SettingRuns(Space[Number(2, 1980)], Runs[Number(2, 1980)]),
            ],
        };

    [Fact]
    public void AddTo_RecommendsTheLeast_AndOrdersTheRestByObjective()
    {
        AdviceDocument advice = AdviceFindings.Of(Evidence).AddTo(Empty);

        Assert.Equal(["1 x TP 2, 1500 MHz", "1 x TP 2, 1980 MHz", "1 x TP 4, 1980 MHz"], advice.Finalists.Select(setting => setting.Words));
        Assert.Equal([0, 0.3, 1], advice.Finalists.Select(setting => Math.Round(setting.ExcessRatio!.Value, 9)));

        // The others take 30 and 100 % more whatever the seed, so that the least is tied with nothing.
        Assert.All(advice.Finalists, setting => Assert.False(setting.IsTied));

        // Runs of one seed are in one ratio whatever the seed: nothing is left to chance.
        Assert.Equal([1.0, 0, 0], advice.Finalists.Select(setting => setting.LeastProbability!.Value));
        Assert.Equal(Number(2, 1500), AdviceFindings.Of(Evidence).Recommended);
    }

    [Fact]
    public void AddTo_KeepsTheWarningsOfTheAdviceSoFar_BeforeItsOwn()
    {
        AdviceDocument advice = AdviceFindings.Of(Evidence).AddTo(Empty with { Warnings = ["The trace is too short."] });

        Assert.Equal(["The trace is too short.", .. AdviceFindings.Of(Evidence).AddTo(Empty).Warnings], advice.Warnings);
    }

    [Fact]
    public void AddTo_ComparesWithTheDefaultOfEqualSize_AndWithTheWhole()
    {
        AdviceDocument advice = AdviceFindings.Of(Evidence).AddTo(Empty);

        Assert.Equal("1 x TP 4, 1980 MHz", advice.Default!.Words);
        Assert.Equal("1 x TP 2, 1980 MHz", advice.DefaultOfEqualSize!.Words);

        // 1 - 1 / 1.3 = 23 %, and 1 - 1 / 2 = 50 %.
        Assert.Contains(
            "It saves 23 % of the energy per output token against the default on as many GPUs (1 x TP 2, 1980 MHz), and saves 50 % of the "
                + "energy per output token against the default on 4 GPUs (1 x TP 4, 1980 MHz), part of it because 2 GPUs are off.",
            advice.Sentences);
    }

    [Fact]
    public void AddTo_SaysWhatALooserLimitSaves_AndWhichKnobMatters()
    {
        AdviceDocument advice = AdviceFindings.Of(Evidence).AddTo(Empty);

        // 1.25 times the limit of 1 s lets TP 1 in, whose tokens take 0.8 of the energy.
        LimitRelaxation relaxation = Assert.Single(advice.Relaxations);
        Assert.Equal((0.25, 1.25), (relaxation.AddedSeconds!.Value, relaxation.Factor));
        Assert.Equal(0.2, relaxation.SavingRatio, tolerance: 1e-9);
        Assert.Contains("250 ms more TTFT at P99 saves 20 %: 1 x TP 1, 1980 MHz.", advice.Sentences);

        Assert.Equal(["tensor_parallelism", "gpu_clock_megahertz"], advice.Sensitivities.Select(knob => knob.Axis));
        Assert.Equal([0.5, 0.3], advice.Sensitivities.Select(knob => Math.Round(knob.SpanRatio, 9)));
        Assert.Empty(advice.Edges);
    }

    [Fact]
    public void AddTo_NamesTheNearestSetting_WhereNothingMeetsTheSlo()
    {
        AdviceEvidence evidence = EvidenceOf(
            new Dictionary<long, IReadOnlyList<RunMetrics>>
            {
                [Number(1, 1200)] = RunsOf(0.5, ttftSeconds: 3),
                [Number(4, 1980)] = RunsOf(2, ttftSeconds: 1.4),
            },
            [Number(1, 1200), Number(4, 1980)]);

        AdviceDocument advice = AdviceFindings.Of(evidence).AddTo(Empty);

        Assert.Empty(advice.Finalists);
        Assert.Equal("1 x TP 4, 1980 MHz", advice.Nearest!.Words);
        Assert.Equal(
            "Simulated: no setting that was tried meets the SLO. The nearest is 1 x TP 4, 1980 MHz on 4 GPUs: TTFT at P99 1,400 ms of "
                + "1,000 ms, 40 % over it.",
            Assert.Single(advice.Sentences));
    }

    [Fact]
    public void AddTo_MarksTheEdge_WhereTheRecommendedValueIsTheFirstTried()
    {
        AdviceEvidence evidence = EvidenceOf(
            new Dictionary<long, IReadOnlyList<RunMetrics>> { [Number(1, 1200)] = RunsOf(0.5) }, [Number(1, 1200)]);

        AdviceDocument advice = AdviceFindings.Of(evidence).AddTo(Empty);

        Assert.Equal(["tensor_parallelism", "gpu_clock_megahertz"], advice.Edges.Select(edge => edge.Axis));
        Assert.Equal([true, false], advice.Edges.Select(edge => edge.IsLimit));
        Assert.Contains("1200 MHz is the lowest GPU clock that was tried. A lower one may be better.", advice.Warnings);
    }

    [Fact]
    public void Missing_NamesTheNeighboursOfTheRecommendedSetting_ThatHaveNoRuns()
    {
        // Along the clock all are known; along the tensor parallelism TP 1 at 1500 MHz is not.
        Assert.Equal([Number(1, 1500)], FollowUps.Missing(Evidence));
    }

    /// <summary>A band of TTFT that doubles it at the far end.</summary>
    private static ErrorBands Doubled { get; } = new()
    {
        Source = "published points",
        Ttft = new ErrorBand { LowFactor = 0.5, HighFactor = 2 },
    };

    [Fact]
    public void AddTo_ComparesTheCautiousSetting_ByTheRunsWithTheSameRequests()
    {
        // The recommended setting takes 0.9 J with the first requests and 1.1 J with the others, 1 J in the mean, and 0.7 s, which may be
        // 1.4 s. The one that keeps the limit ran with the first requests alone and takes 1.35 J: 50 % more than 0.9 J.
        AdviceEvidence evidence = EvidenceOf(
            new Dictionary<long, IReadOnlyList<RunMetrics>>
            {
                [Number(1, 1980)] = RunsOf(1, ttftSeconds: 0.7, Doubled),
                [Number(2, 1980)] = [RunOf(1.35, ttftSeconds: 0.4, seed: 1, Doubled)],
            },
            [Number(1, 1980)]);

        AdviceDocument advice = AdviceFindings.Of(evidence).AddTo(Empty);

        Assert.Equal(0.5, advice.Cautious!.ExcessRatio!.Value, tolerance: 1e-9);
        Assert.Contains(
            "To meet the SLO even at the far end of the simulator's error bands, serve with 1 x TP 2, 1980 MHz: 50 % more energy per "
                + "output token.",
            advice.Sentences);
    }

    [Fact]
    public void CautiousMissing_NamesTheNextSettings_ThenTheLeastItself()
    {
        Dictionary<long, IReadOnlyList<RunMetrics>> runs = new()
        {
            [Number(1, 1980)] = RunsOf(1, ttftSeconds: 0.7, Doubled),
            [Number(4, 1980)] = [RunOf(2, ttftSeconds: 0.4, seed: 1, Doubled)],
        };

        // Of the settings next to TP 4 at 1980 MHz, TP 2 at 1980 MHz and TP 4 at 1500 MHz, neither is known.
        CautiousFollowUp first = FollowUps.CautiousMissing(EvidenceOf(runs, [Number(1, 1980)]));
        Assert.Equal([Number(2, 1980), Number(4, 1500)], first.Beside);

        // TP 2 misses at the far end, and TP 4 at 1500 MHz takes less: now its own neighbours count.
        runs[Number(2, 1980)] = [RunOf(1.5, ttftSeconds: 0.6, seed: 1, Doubled)];
        runs[Number(4, 1500)] = [RunOf(1.8, ttftSeconds: 0.45, seed: 1, Doubled)];
        CautiousFollowUp second = FollowUps.CautiousMissing(EvidenceOf(runs, [Number(1, 1980)]));
        Assert.Equal([Number(2, 1500), Number(4, 1200)], second.Beside);
        Assert.Equal(Number(4, 1500), second.Unconfirmed);

        runs[Number(2, 1500)] = runs[Number(4, 1200)] = [RunOf(1.2, ttftSeconds: 0.8, seed: 1, Doubled)];
        runs[Number(4, 1500)] = RunsOf(1.8, ttftSeconds: 0.45, Doubled);
        CautiousFollowUp last = FollowUps.CautiousMissing(EvidenceOf(runs, [Number(1, 1980)]));
        Assert.Empty(last.Beside);
        Assert.Null(last.Unconfirmed);
    }
}
