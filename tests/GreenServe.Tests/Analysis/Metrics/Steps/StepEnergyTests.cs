using CsCheck;
using GreenServe.Analysis.Metrics.Steps;
using GreenServe.Records.Measurements;

namespace GreenServe.Tests.Analysis.Metrics.Steps;

public sealed class StepEnergyTests
{
    [Fact]
    public void Joules_AreThoseOfAllPoints_ToTheLastBit() =>
        Gen.Select(
            Gen.Select(Gen.Double[0, 0.1], Gen.Double[0.001, 0.1], Gen.Double[0, 100]).List[1, 50],
            Gen.Double[-1, 8].Array[2, 20])
            .Sample((drawn, asked) =>
            {
                double at = 0;
                List<EngineStep> steps = [];
                foreach ((double gap, double length, double joules) in drawn)
                {
                    steps.Add(new EngineStep(at += gap, length, 0, 1, 10) { EnergyJoules = joules });
                    at += length;
                }

                double[] instants = [.. asked.Order()];
                StepEnergy energy = StepEnergy.Of(steps, instants);

                foreach (double instant in instants)
                {
                    Assert.Equal(UpTo(steps, instant) - UpTo(steps, instants[0]), energy.Joules(instants[0], instant));
                }
            });

    [Fact]
    public void Joules_AreRefused_ForAnInstantThatWasNotGiven()
    {
        StepEnergy energy = StepEnergy.Of([new EngineStep(0, 1, 0, 1, 10) { EnergyJoules = 5 }], [0, 0.5]);

        Assert.Equal(2.5, energy.Joules(0, 0.5));
        Assert.Throws<ArgumentException>(() => energy.Joules(0, 0.25));
    }

    /// <summary>Energy up to an instant (J), found among the beginnings and ends of all steps.</summary>
    private static double UpTo(List<EngineStep> steps, double instant)
    {
        (double Seconds, double Joules) before = (double.NegativeInfinity, 0);
        double sum = 0;
        foreach (EngineStep step in steps)
        {
            double start = Math.Max(before.Seconds, step.StartSeconds);
            double[] joules = [sum, sum += step.EnergyJoules!.Value];
            double[] seconds = [start, Math.Max(start, step.StartSeconds + step.DurationSeconds)];
            foreach ((double second, double upTo) in seconds.Zip(joules))
            {
                if (instant == second)
                {
                    return upTo;
                }

                if (instant < second)
                {
                    return before.Seconds == double.NegativeInfinity
                        ? upTo
                        : before.Joules + ((instant - before.Seconds) / (second - before.Seconds) * (upTo - before.Joules));
                }

                before = (second, upTo);
            }
        }

        return sum;
    }
}
