using GreenServe.Analysis.Advising;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Slos;
using GreenServe.Records.Systems;
using GreenServe.Search.Advising.Capacities;
using GreenServe.Search.Advising.Trials;
using GreenServe.Simulation.Physics;
using GreenServe.Tests.Fixtures;
using GreenServe.Tests.Simulation;
using GreenServe.Workloads;
using GreenServe.Workloads.Arrivals;
using GreenServe.Workloads.Lengths;

namespace GreenServe.Tests.Search.Advising.Capacities;

/// <summary>
/// An instance that serves one request at a time is a queue with one server. Equal requests that arrive evenly never wait while the
/// instances are faster than the arrivals, and wait ever longer otherwise, so that the capacity is known.
/// </summary>
public sealed class CapacityPlannerTests : IDisposable
{
    private const int Input = 128;
    private const int Output = 4;

    private readonly TemporaryFolder folder = new();
    private readonly string engine;
    private readonly double busySeconds;

    public CapacityPlannerTests()
    {
        engine = Path.Combine(folder.Root, "plain.yaml");
        File.WriteAllText(engine, DocumentContract.Readable(TestSystems.PlainEngine));
        StepModel model = new SettingTrials(Load(1)).SystemOf(Setting(1)).StepModel();

        // One step for the prompt, which gives the first token, and one for each further token, over the tokens before it.
        busySeconds = model.Cost(StepShape.Prefill(Input, 0, true)).Seconds
            + Enumerable.Range(0, Output - 1).Sum(token => model.Cost(StepShape.Decode(1, Input + token)).Seconds);
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(0.7, 1)]
    [InlineData(1.4, 2)]
    [InlineData(2.8, 3)]
    [InlineData(5.6, 6)]
    public void Plan_NeedsAsManyInstances_AsAreBusyAtOnce(double busyInstances, int expected)
    {
        AdviceCapacity plan = Plan(busyInstances / busySeconds, replicas: 1);

        Assert.Equal(expected, plan.FewestGpus?.Gpus);
        Assert.Equal(expected, plan.FewestJoules?.Setting.Replicas);
        Assert.Null(plan.FewestGpus?.Policy);
        Assert.True(plan.FewestGpus?.Requests >= 100);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Plan_FindsTheHighestLoad_AtWhichInstancesAreAlwaysBusy(int replicas)
    {
        // Busy for such a share of the time that the load may grow by 1.05^10.5: the grid has 1.05^10 below it.
        AdviceCapacity plan = Plan(Math.Pow(1.05, -10.5) * replicas / busySeconds, replicas);

        Assert.Equal(Math.Pow(1.05, 10), plan.HighestLoadFactor!.Value, tolerance: 1e-9);
        Assert.Equal(1.05 * plan.HighestLoadFactor.Value, plan.LowestMissedLoadFactor!.Value, tolerance: 1e-9);
    }

    [Fact]
    public void Plan_FindsAHighestLoadBelowOne_WhereTheFleetIsTooSmall()
    {
        // 1.05^13.5 = 1.93 times as much comes as one instance serves.
        AdviceCapacity plan = Plan(Math.Pow(1.05, 13.5) / busySeconds, replicas: 1);

        Assert.Equal(Math.Pow(1.05, -14), plan.HighestLoadFactor!.Value, tolerance: 1e-9);
    }

    [Fact]
    public void Plan_NamesTheReason_WhereNoFleetMeetsTheSlo()
    {
        Workload workload = Load(0.5 / busySeconds) with { Slo = Slo(ttftSeconds: 1e-6) };

        AdviceCapacity plan = new CapacityPlanner(new SettingTrials(workload), Options).Plan(Setting(1));

        Assert.Null(plan.FewestGpus);
        Assert.Null(plan.FewestJoules);
        Assert.Null(plan.HighestLoadFactor);
        Assert.Contains(plan.Notes, note => note.Contains("misses the SLO: the worst latency is", StringComparison.Ordinal));
        Assert.Contains("No fleet", CapacityText.Sentences(plan)[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_CostsNothing_WithTheWholePower()
    {
        CapacityOptions options = Options with { BudgetRatios = [0.5, 1, 0.7] };
        AdviceCapacity plan = new CapacityPlanner(new SettingTrials(Load(1.6 / busySeconds)), options).Plan(Setting(2));

        PowerBudgetEffect full = plan.PowerBudgets[0];
        Assert.Equal((1, 1, 1), (full.BudgetRatio, full.GoodputRatio, full.GoodputAtCapacityRatio));
        Assert.Equal(2 * 700, full.BudgetWatts, tolerance: 1e-9);
        Assert.Equal(plan.HighestLoadFactor, full.HighestLoadFactor);
        Assert.All(plan.PowerBudgets.Zip(plan.PowerBudgets.Skip(1)), pair =>
        {
            Assert.True(pair.Second.BudgetWatts < pair.First.BudgetWatts);
            Assert.True(pair.Second.GoodputAtCapacityRatio <= pair.First.GoodputAtCapacityRatio * 1.01);
            Assert.True(pair.Second.GoodputRatio <= pair.First.GoodputRatio * 1.01);
        });
    }

    [Fact]
    public void Plan_RunsNoPolicy_WhereTheLoadIsConstant()
    {
        AdviceCapacity plan = Plan(0.5 / busySeconds, replicas: 1);

        Assert.All(plan.Plans, each => Assert.Null(each.Policy));
        Assert.Contains(plan.Notes, note => note.Contains("a policy has nothing to follow", StringComparison.Ordinal));
    }

    [Fact]
    public void Plan_ThrowsEveryProblem_WithoutAnSloAndWithBadOptions()
    {
        Workload workload = Load(1) with { Slo = null };
        CapacityOptions options = Options with { MaxGpus = 0, Repetitions = 2, BudgetRatios = [0.5, 1.5] };

        InvalidInputException exception = Assert.Throws<InvalidInputException>(
            () => new CapacityPlanner(new SettingTrials(workload), options).Plan(Setting(1)));

        Assert.Equal(
            ["$.slo", "$.max_gpus", "$.repetitions", "$.budget_ratios[1]"], exception.Problems.Select(problem => problem.Place));
    }

    [Fact]
    public void Plan_Stops_WhenItIsCancelled()
    {
        using CancellationTokenSource source = new();
        CapacityOptions options = Options with { Progress = _ => source.Cancel() };

        Assert.Throws<OperationCanceledException>(
            () => new CapacityPlanner(new SettingTrials(Load(1)), options).Plan(Setting(1), source.Token));
    }

    [Fact]
    public void Plan_BeginsNothingMore_AfterTheLargestNumberOfRequests()
    {
        CapacityOptions options = Options with { MaxSimulatedRequests = 1, ClockRatios = [1, 0.8] };

        AdviceCapacity plan = new CapacityPlanner(new SettingTrials(Load(0.5 / busySeconds)), options).Plan(Setting(1));

        Assert.Single(plan.Plans);
        Assert.Contains(plan.Notes, note => note.EndsWith("requests had been simulated.", StringComparison.Ordinal));
    }

    [Fact]
    public void Plan_GivesTheSameNumbers_EachTime()
    {
        AdviceCapacity one = Plan(0.7 / busySeconds, replicas: 1);
        AdviceCapacity other = Plan(0.7 / busySeconds, replicas: 1);

        Assert.Equal(DocumentContract.Canonical(one), DocumentContract.Canonical(other));
    }

    private static CapacityOptions Options => new()
    {
        MaxGpus = 16,
        TensorParallelisms = [1],
        ClockRatios = [1],
        BudgetRatios = [],
        MaxLoadFactor = 4,
    };

    private AdviceCapacity Plan(double requestsPerSecond, int replicas) =>
        new CapacityPlanner(new SettingTrials(Load(requestsPerSecond)), Options).Plan(Setting(replicas));

    private ServingSetting Setting(int replicas) => new()
    {
        Gpu = "H100-80GB-SXM",
        Engine = engine,
        Model = "llama-3.1-8b",
        Replicas = replicas,
        Knobs = new Knobs { TensorParallelism = 1, MaxBatch = 1 },
    };

    private static Workload Load(double requestsPerSecond) => new()
    {
        Name = "even",
        Purpose = "equal requests that arrive evenly",
        Source = "test",
        Model = "llama-3.1-8b",
        Slo = Slo(ttftSeconds: 0.1),
        Arrival = new ConstantArrival { RequestsPerSecond = requestsPerSecond },
        Lengths = new IndependentLengths { Input = new FixedLength { Tokens = Input }, Output = new FixedLength { Tokens = Output } },
        Requests = 200,
        WarmUpSeconds = 0.2,
    };

    private static SloProfile Slo(double ttftSeconds) => new()
    {
        Name = "test",
        Source = "test",
        Limits = [new SloLimit { Metric = SloMetric.Ttft, Percentile = 99, LimitSeconds = ttftSeconds }],
    };
}
