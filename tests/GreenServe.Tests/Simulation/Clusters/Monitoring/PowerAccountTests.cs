using GreenServe.Simulation.Clusters.Monitoring;

namespace GreenServe.Tests.Simulation.Clusters.Monitoring;

public sealed class PowerAccountTests
{
    [Fact]
    public void Summarise_TellsHowOftenAndHowLongABudgetWasExceeded()
    {
        PowerAccount account = new("row", statesHost: true);
        foreach (double watts in (double[])[100, 130, 120, 90, 101, 100])
        {
            account.Add(1, watts - 20, 20, budgetWatts: 100);
        }

        ScopePower power = account.Summarise();

        // Over 100 W in two stretches: 30 + 20 J in 2 s, then 1 J in 1 s.
        Assert.Equal(new OverBudget(3, 51, 2, 2), power.OverBudget);
        Assert.Equal(641 - 120, power.GpuJoules, tolerance: 1e-9);
        Assert.Equal(120, power.HostJoules!.Value, tolerance: 1e-9);
        Assert.Equal(130, power.PeakWatts);
        Assert.Equal(1.3, power.PeakBudgetRatio);
    }

    [Fact]
    public void Summarise_InterpolatesTheNinetyNinthPercentile()
    {
        PowerAccount account = new("cluster", statesHost: false);
        for (int watts = 0; watts <= 1000; watts++)
        {
            account.Add(1, 1000 - watts, 0, budgetWatts: null);
        }

        ScopePower power = account.Summarise();

        Assert.Equal(990, power.P99Watts!.Value, tolerance: 1e-6);
        Assert.Null(power.HostJoules);
        Assert.Null(power.OverBudget);
    }

    [Fact]
    public void Summarise_LeavesAPartOfASecondOutOfTheMeans()
    {
        PowerAccount account = new("row", statesHost: false);
        account.Add(0.25, 100, 0, budgetWatts: 300);

        // 100 J in a quarter of a second are 400 W: 100 W over the budget for 0.25 s.
        Assert.Equal(new ScopePower("row", 100, null, null, null, null, new OverBudget(0.25, 25, 1, 0.25)), account.Summarise());
    }
}
