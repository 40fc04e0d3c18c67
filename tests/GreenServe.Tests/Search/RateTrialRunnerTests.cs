using GreenServe.Records;
using GreenServe.Search;
using GreenServe.Tests.Search.Advising;
using GreenServe.Workloads;
using GreenServe.Workloads.Arrivals;
using GreenServe.Workloads.Lengths;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Tests.Search;

/// <summary>Runs of one number serve the same requests at every load: common random numbers.</summary>
public sealed class RateTrialRunnerTests
{
    private const double Load = 2;
    private const double HigherLoad = 5;

    // Times are rounded to the microsecond. Scaling them by the load scales that as well.
    private const double Rounding = 5e-6;

    public static TheoryData<string> Arrivals => [.. Processes.Keys];

    private static Dictionary<string, ArrivalProcess> Processes { get; } = new()
    {
        ["poisson"] = new PoissonArrival { RequestsPerSecond = 1 },
        ["gamma"] = new GammaArrival { RequestsPerSecond = 1, CoefficientOfVariation = 2 },
        ["constant"] = new ConstantArrival { RequestsPerSecond = 1 },
        ["stages"] = new StagedArrival { Stages = [new ArrivalStage { Seconds = 100, RequestsPerSecond = 1, EndRequestsPerSecond = 3 }] },
        ["users"] = new ClosedLoopArrival { Concurrency = 1, ThinkSeconds = 1, ThinkDistribution = ThinkDistribution.Exponential },
    };

    [Theory]
    [MemberData(nameof(Arrivals))]
    public void At_GivesTheSameRequests_WithArrivalsScaledByTheLoad(string name)
    {
        RequestSchedule slow = At(name, Load);
        RequestSchedule fast = At(name, HigherLoad);

        (ScheduledRequest Slow, ScheduledRequest Fast)[] pairs = [.. slow.Requests.Zip(fast.Requests)];
        Assert.True(pairs.Length > 100);
        Assert.All(pairs, pair =>
        {
            Assert.Equal((pair.Slow.InputTokens, pair.Slow.OutputTokens), (pair.Fast.InputTokens, pair.Fast.OutputTokens));

            // The first request of a user waits for its turn to begin and not for a thought.
            Assert.True(pair.Fast.Id < HigherLoad || pair.Slow.ThinkSeconds == pair.Fast.ThinkSeconds);
            Assert.Equal(Units(name, Load, pair.Slow.ScheduledSeconds), Units(name, HigherLoad, pair.Fast.ScheduledSeconds), Rounding * 3);
        });
    }

    [Fact]
    public void At_GivesOtherRequests_WhenTheSeedIsAnother() => Assert.NotEqual(
        At("poisson", Load).Requests.Select(request => request.ScheduledSeconds),
        At("poisson", Load, repetition: 1).Requests.Select(request => request.ScheduledSeconds));

    [Fact]
    public void At_Refuses_WhenTheLoadIsNoSingleNumber() => Assert.Throws<InvalidInputException>(() => RateTrialRunner.At(
        AdvisorWorkloads.Poisson with { Arrival = new CountedArrival { WindowSeconds = 9, Counts = [18] } }, Load));

    /// <summary>Expected number of arrivals up to a time: the rate is the load, or a ramp from one to three times the load.</summary>
    private static double Units(string name, double load, double seconds) => name switch
    {
        "stages" => load * (seconds + (seconds * seconds / 100)),
        _ => load * seconds,
    };

    private static RequestSchedule At(string name, double load, int repetition = 0)
    {
        Workload workload = AdvisorWorkloads.Poisson with
        {
            Arrival = Processes[name],
            Lengths = new IndependentLengths
            {
                Input = new UniformLength { MinTokens = 10, MaxTokens = 1000 },
                Output = new UniformLength { MinTokens = 10, MaxTokens = 100 },
            },
            Requests = 300,
            DurationSeconds = null,
            WarmUpSeconds = 0,
        };
        return RequestSchedule.For(RateTrialRunner.At(workload, load), repetition);
    }
}
