using GreenServe.Workloads;
using GreenServe.Workloads.Arrivals;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Tests.Workloads.Arrivals;

public sealed class ArrivalProcessTests
{
    private const int Requests = 20_000;

    // Four standard errors: exceeded by one seed in 16,000, and the seed is fixed.
    private const double StandardErrors = 4;

    [Fact]
    public void Constant_PutsRequestIAtIOverRate_Exactly()
    {
        double[] arrivals = Samples.Arrivals(Samples.Workload(new ConstantArrival { RequestsPerSecond = 4 }, requests: 9));

        Assert.Equal([0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2], arrivals);
    }

    [Fact]
    public void Constant_DoesNotDrift_WhenTheGapIsNoRoundNumber()
    {
        double[] arrivals = Samples.Arrivals(Samples.Workload(new ConstantArrival { RequestsPerSecond = 3 }, requests: 300_001));

        // Request 300,000 at exactly 100,000 s; a sum of 300,000 rounded gaps would be off by up to 0.1 s.
        Assert.Equal(100_000, arrivals[^1]);
    }

    [Fact]
    public void Poisson_HasItsRateAndAVariationOfOne()
    {
        (double mean, double variation) = Samples.Gaps(
            Samples.Arrivals(Samples.Workload(new PoissonArrival { RequestsPerSecond = 5 }, requests: Requests)));

        // Exponential gaps: the mean has standard error mean/sqrt(n); the variance of the sample CV is 1/n to first order.
        Assert.Equal(0.2, mean, StandardErrors * 0.2 / Math.Sqrt(Requests));
        Assert.Equal(1, variation, StandardErrors / Math.Sqrt(Requests));
    }

    [Fact]
    public void Poisson_HasPoissonCounts_InEqualIntervals()
    {
        double[] arrivals = Samples.Arrivals(
            Samples.Workload(new PoissonArrival { RequestsPerSecond = 10 }, requests: null, seconds: 2000));
        int[] counts = [.. arrivals.CountBy(seconds => (int)seconds).Select(pair => pair.Value)];
        double mean = arrivals.Length / 2000.0;

        // Index of dispersion 1 with standard error sqrt(2/n). Seconds without arrivals (e^-10 of them) count as 0.
        double variance = (counts.Sum(count => (count - mean) * (count - mean)) + ((2000 - counts.Length) * mean * mean)) / 2000;
        Assert.Equal(1, variance / mean, StandardErrors * Math.Sqrt(2.0 / 2000));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(1)]
    [InlineData(3)]
    public void Gamma_HasItsRateAndItsVariation(double coefficientOfVariation)
    {
        GammaArrival arrival = new() { RequestsPerSecond = 5, CoefficientOfVariation = coefficientOfVariation };
        (double mean, double variation) = Samples.Gaps(Samples.Arrivals(Samples.Workload(arrival, requests: Requests)));

        Assert.Equal(0.2, mean, StandardErrors * coefficientOfVariation * 0.2 / Math.Sqrt(Requests));

        // A gamma distribution has kurtosis 3 + 6 CV²; to first order the relative variance of a sample CV is (1 + 2 CV²) / 2n.
        double relative = Math.Sqrt((1 + (2 * coefficientOfVariation * coefficientOfVariation)) / (2 * Requests));
        Assert.Equal(coefficientOfVariation, variation, StandardErrors * coefficientOfVariation * relative);
    }

    [Fact]
    public void Gamma_IsTheSameProcess_WhenShapeOrVariationIsGiven()
    {
        // Shape = 1 / CV²: 0.25 and 2.
        double[] byShape = Samples.Arrivals(Samples.Workload(new GammaArrival { RequestsPerSecond = 5, Shape = 0.25 }));
        double[] byVariation = Samples.Arrivals(Samples.Workload(new GammaArrival { RequestsPerSecond = 5, CoefficientOfVariation = 2 }));

        Assert.Equal(byShape, byVariation);
    }

    [Fact]
    public void Stages_FollowTheIntegralOfTheRate_WhenSpacingIsConstant()
    {
        StagedArrival arrival = new()
        {
            Spacing = ArrivalSpacing.Constant,
            Stages =
            [
                new ArrivalStage { Seconds = 2, RequestsPerSecond = 1 },
                new ArrivalStage { Seconds = 5, RequestsPerSecond = 0 },
                new ArrivalStage { Seconds = 2, RequestsPerSecond = 0, EndRequestsPerSecond = 4 },
            ],
        };

        double[] arrivals = Samples.Arrivals(Samples.Workload(arrival, requests: null));

        // Two requests in the first stage; none in the pause; then the integral of 2t is t², so request k of the ramp is at sqrt(k).
        double[] expected = [0, 1, 7, 8, 7 + Math.Sqrt(2), 7 + Math.Sqrt(3)];
        Assert.Equal(expected.Order(), arrivals, (one, other) => Math.Abs(one - other) < 1e-6);
    }

    [Fact]
    public void Stages_KeepTheirTimesAndMultiplyTheirRate_WhenALoadFactorIsStated()
    {
        StagedArrival arrival = new()
        {
            Spacing = ArrivalSpacing.Constant,
            LoadFactor = 3,
            Stages =
            [
                new ArrivalStage { Seconds = 2, RequestsPerSecond = 0.5 },
                new ArrivalStage { Seconds = 2, RequestsPerSecond = 0, EndRequestsPerSecond = 1 },
            ],
        };

        double[] arrivals = Samples.Arrivals(Samples.Workload(arrival, requests: null));

        // 1.5 requests a second make three in the first stage. The integral of 1.5t is 0.75t². It reaches 1 and 2 before its 3 at the end.
        double[] expected = [0, 1 / 1.5, 2 / 1.5, 2, 2 + Math.Sqrt(1 / 0.75), 2 + Math.Sqrt(2 / 0.75)];
        Assert.Equal(expected, arrivals, (one, other) => Math.Abs(one - other) < 1e-6);
        Assert.Equal((6 / 4.0, 4), (arrival.MeanRequestsPerSecond(), arrival.EndSeconds()));
    }

    [Fact]
    public void Stages_KeepTheirCanonicalJson_WhenNoLoadFactorIsStated()
    {
        StagedArrival arrival = new() { Stages = [new ArrivalStage { Seconds = 1, RequestsPerSecond = 1 }] };

        Assert.DoesNotContain("load_factor", Samples.Workload(arrival, requests: null).ToCanonicalJson(), StringComparison.Ordinal);
    }

    [Fact]
    public void Stages_HaveTheirExpectedCounts_WhenSpacingIsPoisson()
    {
        StagedArrival arrival = new()
        {
            Stages =
            [
                new ArrivalStage { Seconds = 100, RequestsPerSecond = 20 },
                new ArrivalStage { Seconds = 100, RequestsPerSecond = 20, EndRequestsPerSecond = 60 },
                new ArrivalStage { Seconds = 100, RequestsPerSecond = 5 },
            ],
        };

        double[] arrivals = Samples.Arrivals(Samples.Workload(arrival, requests: null));

        int[] expected = [2000, 4000, 500];
        for (int stage = 0; stage < 3; stage++)
        {
            int found = arrivals.Count(seconds => seconds >= stage * 100 && seconds < (stage + 1) * 100);
            Assert.Equal(expected[stage], found, StandardErrors * Math.Sqrt(expected[stage]));
        }

        // Halfway up the ramp a quarter of (20+60)/2·100 plus half the slope's part has come: 50·20 + 50²·0.4/2 = 1500.
        Assert.Equal(1500, arrivals.Count(seconds => seconds is >= 100 and < 150), StandardErrors * Math.Sqrt(1500));
        Assert.True(arrivals[^1] < 300);
    }

    [Fact]
    public void OnOff_IsSilentBetweenBursts_AndHasItsMeanRate()
    {
        OnOffArrival arrival = new() { OnSeconds = 10, OffSeconds = 30, RequestsPerSecond = 20 };

        double[] arrivals = Samples.Arrivals(Samples.Workload(arrival, requests: null, seconds: 4000));

        Assert.All(arrivals, seconds => Assert.True(seconds % 40 < 10));
        Assert.Equal(5, arrival.MeanRequestsPerSecond());
        Assert.Equal(20_000, arrivals.Length, StandardErrors * Math.Sqrt(20_000));
    }

    [Fact]
    public void OnOff_KeepsTheLowRate_WhenThereIsOne()
    {
        OnOffArrival arrival = new() { OnSeconds = 10, OffSeconds = 30, RequestsPerSecond = 20, OffRequestsPerSecond = 2 };

        double[] arrivals = Samples.Arrivals(Samples.Workload(arrival, requests: null, seconds: 4000));

        Assert.Equal(2 * 3000, arrivals.Count(seconds => seconds % 40 >= 10), StandardErrors * Math.Sqrt(6000));
    }

    [Fact]
    public void Counts_PutEachWindowsRequestsIntoIt_AndEndWithTheLast()
    {
        CountedArrival arrival = new() { WindowSeconds = 2, Counts = [3, 0, 5, 1], SpeedUpFactor = 4 };

        double[] arrivals = Samples.Arrivals(Samples.Workload(arrival, requests: null));

        // Windows of 2 s, four times as fast: half a second each, nine requests in two seconds.
        Assert.Equal([0, 0, 0, 2, 2, 2, 2, 2, 3], arrivals.Select(seconds => (int)(seconds * 2)));
        Assert.Equal(arrivals.Order(), arrivals);
        Assert.Equal(4.5, arrival.MeanRequestsPerSecond());
        Assert.Equal(2, arrival.EndSeconds());
    }

    [Fact]
    public void Counts_AreUniformInsideAWindow()
    {
        double[] arrivals = Samples.Arrivals(
            Samples.Workload(new CountedArrival { WindowSeconds = 10, Counts = [Requests] }, requests: null));

        Assert.Equal(5, arrivals.Average(), StandardErrors * 10 / Math.Sqrt(12 * Requests));
    }

    [Fact]
    public void ClosedLoop_SendsTheFirstRequestsAtOnce_AndThinksBeforeTheOthers()
    {
        ClosedLoopArrival arrival = new() { Concurrency = 3, ThinkSeconds = 1.5 };

        RequestSchedule schedule = RequestSchedule.For(Samples.Workload(arrival, requests: 6));

        Assert.Equal(3, schedule.Concurrency);
        Assert.Equal([0, 0, 0, 1.5, 1.5, 1.5], schedule.Requests.Select(request => request.ThinkSeconds));
        Assert.All(schedule.Requests, request => Assert.Equal(0, request.ScheduledSeconds));
    }

    [Theory]
    [InlineData(null, new[] { 0, 2, 4, 6, 1.5, 1.5 })]
    [InlineData(2, new[] { 0, 1.5, 2, 1.5, 4, 1.5, 6, 1.5, 1.5, 1.5 })]
    public void ClosedLoop_LetsUsersBeginAtEqualDistances_WhenItRampsUp(int? turns, double[] expected)
    {
        ClosedLoopArrival arrival = new() { Concurrency = 4, ThinkSeconds = 1.5, RampSeconds = 8 };
        Workload workload = Samples.Workload(arrival, requests: expected.Length) with
        {
            Sessions = turns is { } number ? new Sessions { Turns = number } : null,
        };

        RequestSchedule schedule = RequestSchedule.For(workload);

        // User u of four begins at 8 s x u / 4. With sessions of two turns it is each other request that begins a user's work.
        Assert.Equal(expected, schedule.Requests.Select(request => request.ThinkSeconds));
        Assert.Equal(6, schedule.LastUserBeginsSeconds);
    }

    [Fact]
    public void CanonicalJson_NamesTheRamp_OnlyWhereThereIsOne()
    {
        string without = Samples.Workload(new ClosedLoopArrival { Concurrency = 4 }).ToCanonicalJson();
        string with = Samples.Workload(new ClosedLoopArrival { Concurrency = 4, RampSeconds = 8 }).ToCanonicalJson();

        // The hash of every workload without a ramp stays what it was.
        Assert.DoesNotContain("ramp_seconds", without, StringComparison.Ordinal);
        Assert.Contains("\"ramp_seconds\":8", with, StringComparison.Ordinal);
    }

    [Fact]
    public void ClosedLoop_HasTheMeanThinkTime_WhenItIsExponential()
    {
        ClosedLoopArrival arrival = new() { Concurrency = 1, ThinkSeconds = 2, ThinkDistribution = ThinkDistribution.Exponential };

        double[] thinking =
        [
            .. RequestSchedule.For(Samples.Workload(arrival, requests: Requests)).Requests.Skip(1).Select(request => request.ThinkSeconds),
        ];

        Assert.Equal(2, thinking.Average(), StandardErrors * 2 / Math.Sqrt(Requests));
    }

    [Theory]
    [MemberData(nameof(OpenLoops))]
    public void Arrivals_AreTheSameTwiceAsFast_WhenTheRateDoubles(Func<double, ArrivalProcess> at)
    {
        double[] slow = Samples.Arrivals(Samples.Workload(at(1)));
        double[] fast = Samples.Arrivals(Samples.Workload(at(2)));

        Assert.Equal(slow, fast, (one, other) => Math.Abs(one - (2 * other)) <= 2e-6);
    }

    [Theory]
    [MemberData(nameof(OpenLoops))]
    public void Arrivals_NeverFall_AndAreWholeMicroseconds(Func<double, ArrivalProcess> at)
    {
        double[] arrivals = Samples.Arrivals(Samples.Workload(at(1000)));

        Assert.Equal(arrivals.Order(), arrivals);
        Assert.All(arrivals, seconds => Assert.Equal(Math.Round(seconds * 1e6), seconds * 1e6, 1e-6));
    }

    public static TheoryData<Func<double, ArrivalProcess>> OpenLoops() =>
    [
        rate => new ConstantArrival { RequestsPerSecond = rate },
        rate => new PoissonArrival { RequestsPerSecond = rate },
        rate => new GammaArrival { RequestsPerSecond = rate, CoefficientOfVariation = 13 },
        rate => new StagedArrival { Stages = [new ArrivalStage { Seconds = 10_000 / rate, RequestsPerSecond = rate }] },
    ];
}
