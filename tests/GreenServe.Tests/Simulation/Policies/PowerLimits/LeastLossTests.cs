using CsCheck;
using GreenServe.Simulation.Policies.PowerLimits;

namespace GreenServe.Tests.Simulation.Policies.PowerLimits;

public sealed class LeastLossTests
{
    private static readonly Gen<Rung[]> Rungs =
        from saved in Gen.Double[10, 100].Array[3]
        select (Rung[])
        [
            new(null, 700, 0.02, 0.1), new(1500, 700 - saved[0], 0.02, 0.1), new(1000, 700 - saved[0] - saved[1], 0.02, 0.1),
            new(500, 700 - saved.Sum(), 0.02, 0.1),
        ];

    [Fact]
    public void LowerUntilWatts_LowersWhatLosesLeastForEachWatt()
    {
        Rung[] cheap = [new(null, 700, 0.02, 0.1), new(1000, 500, 0.02, 0.1)];
        Rung[] dear = [new(null, 700, 0.02, 0.1), new(1000, 600, 0.02, 0.1)];
        int[] chosen = [0, 0];

        // Both lose 1; the first saves 200 W and the second 100 W.
        double watts = LeastLoss.LowerUntilWatts([dear, cheap], limitWatts: 1250, (_, rung) => rung, chosen);

        Assert.Equal(1200, watts);
        Assert.Equal([0, 1], chosen);
    }

    [Fact]
    public void LowerUntilWatts_StopsAtTheLowestClocks_WhenTheyDoNotFit()
    {
        Rung[] rungs = [new(null, 700, 0.02, 0.1), new(1000, 500, 0.02, 0.1)];
        int[] chosen = [0, 0];

        Assert.Equal(1000, LeastLoss.LowerUntilWatts([rungs, rungs], limitWatts: 100, (_, rung) => rung, chosen));
        Assert.Equal([1, 1], chosen);
    }

    /// <summary>
    /// With losses for each watt that grow from clock to clock, what the greedy choice loses before its last step is at most what the best
    /// choice loses, since it took the cheapest watts.
    /// </summary>
    [Fact]
    public void LowerUntilWatts_IsTheBestChoice_UpToItsLastStep() =>
        (from first in Rungs
         from second in Rungs
         from third in Rungs
         from prices in Gen.Double[0.1, 10].Array[3]
         from limit in Gen.Double[1300, 2100]
         select (Ladders: (Rung[][])[first, second, third], prices, limit)).Sample(draw =>
        {
            int[] chosen = [0, 0, 0];
            double watts = LeastLoss.LowerUntilWatts(draw.Ladders, draw.limit, Loss, chosen);
            int[][] all = [.. from a in Enumerable.Range(0, 4) from b in Enumerable.Range(0, 4) from c in Enumerable.Range(0, 4)
                select (int[])[a, b, c]];
            int[][] fitting = [.. all.Where(choice => WattsOf(choice) <= draw.limit)];
            if (fitting.Length == 0)
            {
                Assert.Equal([3, 3, 3], chosen);
                return;
            }

            double best = fitting.Min(LossOf);
            double lastStep = Enumerable.Range(0, 3).Where(index => chosen[index] > 0)
                .Select(index => Loss(index, chosen[index]) - Loss(index, chosen[index] - 1)).DefaultIfEmpty(0).Max();
            Assert.Equal(WattsOf(chosen), watts, tolerance: 1e-6);
            Assert.InRange(watts, 0, draw.limit + 1e-6);
            Assert.InRange(LossOf(chosen), best - 1e-9, best + lastStep + 1e-9);

            double Loss(int index, int rung) =>
                draw.prices[index] * Math.Pow(draw.Ladders[index][0].Watts - draw.Ladders[index][rung].Watts, 2);

            double LossOf(int[] choice) => choice.Select((rung, index) => Loss(index, rung)).Sum();

            double WattsOf(int[] choice) => choice.Select((rung, index) => draw.Ladders[index][rung].Watts).Sum();
        });
}
