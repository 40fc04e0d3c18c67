using GreenServe.Analysis.Advising;
using GreenServe.Records.Systems;

namespace GreenServe.Tests.Analysis.Advising;

public sealed class CapacityTextTests
{
    private static readonly FleetPlan Few = Plan(6, 1.12, "3 x TP 2, 1410 MHz");
    private static readonly FleetPlan Frugal = Plan(8, 1, "4 x TP 2, 1200 MHz");

    [Fact]
    public void Sentences_CompareTheSmallestFleet_WithTheOneOfLeastEnergy()
    {
        AdviceCapacity capacity = new() { FleetGpus = 8, FewestGpus = Few, FewestJoules = Frugal, Plans = [Few, Frugal] };

        Assert.Equal(
            ["The fewest GPUs that serve it: 6 (3 x TP 2, 1410 MHz), 12 % more energy than the least-energy fleet of "
                + "8 (4 x TP 2, 1200 MHz), 1 J a token."],
            CapacityText.Sentences(capacity));
    }

    [Fact]
    public void Sentences_NameOneFleet_WhereTheSmallestNeedsTheLeastEnergy()
    {
        AdviceCapacity capacity = new() { FleetGpus = 8, FewestGpus = Few, FewestJoules = Few, Plans = [Few] };

        Assert.Equal(
            ["The fewest GPUs that serve it also need the least energy: 6 (3 x TP 2, 1410 MHz), 1.12 J a token."],
            CapacityText.Sentences(capacity));
    }

    [Fact]
    public void Sentences_TellAPolicyFromABound()
    {
        FleetPlan real = Plan(8, 0.9, "4 x TP 2 under a") with { Policy = "a" };
        FleetPlan bound = Plan(8, 0.7, "4 x TP 2 under b") with { Policy = "b", KnowsFuture = true };
        FleetPlan late = Plan(8, 0.2, "4 x TP 2 under c") with { Policy = "c", MeetsSlo = false, KnowsFuture = true };
        AdviceCapacity capacity = new() { FleetGpus = 8, FewestGpus = Few, FewestJoules = real, Plans = [Few, Frugal, real, bound, late] };

        Assert.Equal(
            [
                "The policy a serves it for 10 % less energy than the best fleet without a policy.",
                "A bound that nobody can run: b knows the requests before they arrive and needs 30 % less energy.",
            ],
            CapacityText.Sentences(capacity).Skip(1));
    }

    [Fact]
    public void Sentences_SayThatNoPolicyKeepsTheSlo_WhereNoneDoes()
    {
        FleetPlan late = Plan(8, 0.2, "4 x TP 2 under c") with { Policy = "c", MeetsSlo = false };
        AdviceCapacity capacity = new() { FleetGpus = 8, FewestGpus = Few, FewestJoules = Few, Plans = [Few, late] };

        Assert.Equal("No policy that can be run keeps the SLO with this fleet.", CapacityText.Sentences(capacity)[1]);
    }

    [Theory]
    [InlineData(1.9, 2.0, false, "The present fleet of 8 GPUs takes 1.9 times this load within the SLO.")]
    [InlineData(1.9, 2.0, true, "The present fleet of 8 GPUs takes 1.9 times the load of the busiest stretch within the SLO.")]
    [InlineData(32.0, null, false, "The present fleet of 8 GPUs takes at least 32.0 times this load, the highest that was tried.")]
    public void Sentences_StateTheHighestLoad(double highest, double? missed, bool isOfStretch, string expected)
    {
        AdviceCapacity capacity = new()
        {
            FleetGpus = 8,
            HighestLoadFactor = highest,
            LowestMissedLoadFactor = missed,
            IsLoadOfBusiestStretch = isOfStretch,
        };

        Assert.Equal(["No fleet that was looked at serves the workload within the SLO.", expected], CapacityText.Sentences(capacity));
    }

    [Fact]
    public void Sentences_StateBudgetsThatCostNothing_InOne()
    {
        AdviceCapacity capacity = new()
        {
            FleetGpus = 8,
            PowerBudgets =
            [
                Budget(1, 1, 1), Budget(0.9, 1, 1), Budget(0.8, 1, 0.995), Budget(0.7, 1, 0.88), Budget(0.6, 0.75, 0.75),
                new PowerBudgetEffect { BudgetRatio = 0.1, BudgetWatts = 560 },
            ],
        };

        Assert.Equal(
            [
                "A budget of 80 % of full power (4.5 kW) costs no goodput, neither at this load nor at capacity (a cap).",
                "A budget of 70 % of full power (3.9 kW) costs no goodput at this load and 12 % of goodput at capacity (a cap).",
                "A budget of 60 % of full power (3.4 kW) costs 25 % of goodput at this load and at capacity (a cap).",
                "A budget of 10 % of full power (560 W) is too small for the SLO at any load that was tried.",
            ],
            CapacityText.Sentences(capacity).Skip(1));
    }

    private static PowerBudgetEffect Budget(double ratio, double now, double atCapacity) => new()
    {
        BudgetRatio = ratio,
        BudgetWatts = 5600 * ratio,
        Setting = "a cap",
        SettingAtCapacity = "a cap",
        GoodputRatio = now,
        GoodputAtCapacityRatio = atCapacity,
    };

    private static FleetPlan Plan(int gpus, double joules, string words) => new()
    {
        Setting = new ServingSetting { Gpu = "gpu", Engine = "engine", Model = "model" },
        Words = words,
        Gpus = gpus,
        MeetsSlo = true,
        JoulesPerOutputToken = joules,
        Requests = 1000,
    };
}
