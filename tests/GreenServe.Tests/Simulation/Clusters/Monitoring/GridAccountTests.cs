using CsCheck;
using GreenServe.Records.Grids;
using GreenServe.Simulation.Clusters.Monitoring;

namespace GreenServe.Tests.Simulation.Clusters.Monitoring;

public sealed class GridAccountTests
{
    [Fact]
    public void Add_SplitsASecond_WhereTheSignalSteps()
    {
        GridAccount account = new("west", new GridSignal([new GridPoint(0, 100, 1), new GridPoint(10.25, 300, 3)]));

        for (int second = 0; second < 20; second++)
        {
            account.Add(second, second + 1, 3.6e6);
        }

        // A kilowatt-hour a second: 10.25 kWh at 100 g and 1, then 9.75 kWh at 300 g and 3.
        SiteTotals totals = account.Summarise();
        Assert.Equal(20 * 3.6e6, totals.Joules, tolerance: 1e-3);
        Assert.Equal((10.25 * 100) + (9.75 * 300), totals.CarbonGrams!.Value, tolerance: 1e-8);
        Assert.Equal((10.25 * 1) + (9.75 * 3), totals.Cost!.Value, tolerance: 1e-9);
    }

    [Fact]
    public void Summarise_HasNoCarbon_WhereTheSignalStatesNone()
    {
        GridAccount account = new("west", new GridSignal([new GridPoint(0, null, 0.5)]));
        account.Add(0, 1, 7.2e6);

        Assert.Equal(new SiteTotals("west", 7.2e6, null, 1), account.Summarise());
    }

    [Fact]
    public void Add_IsTheIntegralOfThePower_WhateverTheStepsAndThePeriod() =>
        (from count in Gen.Int[1, 6]
         from gaps in Gen.Double[0.1, 40].Array[count]
         from values in Gen.Double[0, 500].Array[count]
         from watts in Gen.Double[1, 1e6]
         select (gaps, values, watts)).Sample(draw =>
        {
            double period = draw.gaps.Sum();
            double at = 0;
            List<GridPoint> points = [];
            for (int index = 0; index < draw.values.Length; at += draw.gaps[index++])
            {
                points.Add(new GridPoint(at, draw.values[index], null));
            }

            GridAccount account = new("site", new GridSignal(points, period * (1 + 1e-12)));
            double end = 3 * period;
            for (double from = 0; from < end; from++)
            {
                account.Add(from, Math.Min(from + 1, end), draw.watts * (Math.Min(from + 1, end) - from));
            }

            double expected = 3 * draw.watts / 3.6e6 * draw.gaps.Zip(draw.values, (seconds, grams) => seconds * grams).Sum();
            Assert.Equal(expected, account.Summarise().CarbonGrams!.Value, tolerance: 1e-6 * (expected + 1));
        });
}
