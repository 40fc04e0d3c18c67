using CsCheck;
using GreenServe.Simulation.Policies.Estimates;

namespace GreenServe.Tests.Simulation.Policies.Estimates;

public sealed class BreakEvenTests
{
    /// <summary>Ready at 1000 W, asleep at 600 W, off. Waking takes 20 s and starting 400 s at 1000 W.</summary>
    private static readonly SleepState[] States = [new(1000, 0), new(600, 20_000), new(0, 400_000)];

    private static readonly Gen<SleepState[]> AnyStates =
        from steps in Gen.Select(Gen.Double[1, 1000], Gen.Double[0, 1e6]).Array[1, 4]
        select (SleepState[])
        [
            .. Enumerable.Range(0, steps.Length).Select(state => new SleepState(
                steps.Skip(state).Sum(step => step.Item1), steps.Take(state).Sum(step => step.Item2))),
        ];

    [Fact]
    public void EntrySeconds_AreTheWakeEnergiesOverTheSavedPower()
    {
        // Asleep: 20 kJ / 400 W = 50 s. Off: 380 kJ more / 600 W = 633.3 s.
        Assert.Equal([0, 50, 380_000 / 600.0], BreakEven.EntrySeconds(States));
    }

    [Fact]
    public void EntrySeconds_PassOverAStateThatNeverPays()
    {
        // Off pays after 100 s, before sleep would after 200 s.
        SleepState[] states = [new(1000, 0), new(900, 20_000), new(0, 100_000)];

        Assert.Equal([0, double.PositiveInfinity, 100], BreakEven.EntrySeconds(states));
    }

    [Fact]
    public void PauseJoules_IsTwiceTheLeast_WhenThePauseEndsAsTheStateIsEntered()
    {
        // 50 s at 1000 W and a wake-up of 20 kJ, where staying ready costs 50 kJ: a ratio of 1.4. With a sleep that draws nothing the
        // entry is at 20 s, and the ratio is 2.
        double[] entries = BreakEven.EntrySeconds(States);
        Assert.Equal(70_000, BreakEven.PauseJoules(States, entries, 50));
        Assert.Equal(50_000, BreakEven.LeastJoules(States, 50));

        SleepState[] two = [new(1000, 0), new(0, 20_000)];
        Assert.Equal(2, BreakEven.PauseJoules(two, BreakEven.EntrySeconds(two), 20) / BreakEven.LeastJoules(two, 20));
    }

    [Fact]
    public void PauseJoules_IsAtMostTwiceTheLeast_ForAnyStatesAndPause() =>
        Gen.Select(AnyStates, Gen.Double[0, 1e5]).Sample((states, pause) =>
        {
            double spent = BreakEven.PauseJoules(states, BreakEven.EntrySeconds(states), pause);
            double least = BreakEven.LeastJoules(states, pause);
            Assert.InRange(spent, least * (1 - 1e-12), (2 * least * (1 + 1e-12)) + 1e-6);
        });
}
