using GreenServe.Records.Measurements;
using GreenServe.Simulation.Physics;

namespace GreenServe.Simulation.Runs;

/// <summary>Counts and energies of one replica over a run.</summary>
internal sealed class ReplicaTotals
{
    private readonly List<StepModel> worked = [];

    /// <summary>The settings with which steps were done, each once, in the order in which they came first.</summary>
    internal IReadOnlyList<StepModel> Worked => worked;

    /// <summary>Requests that got all their tokens.</summary>
    internal long Completed { get; set; }

    /// <summary>Requests that were unfinished when the run ended.</summary>
    internal long Cancelled { get; set; }

    /// <summary>Number of steps with work.</summary>
    internal long Steps { get; private set; }

    /// <summary>Steps in which the power cap lowered the clock.</summary>
    internal long ThrottledSteps { get; private set; }

    /// <summary>Steps that drew more than the power cap even at the lowest clock.</summary>
    internal long StepsOverCap { get; private set; }

    /// <summary>Energy of steps and idle time, in joules.</summary>
    internal double Joules { get; private set; }

    /// <summary>Energy at the lower end of the uncertainty that comes from the clock, in joules.</summary>
    internal double LowJoules { get; private set; }

    /// <summary>Energy at the upper end of the uncertainty that comes from the clock, in joules.</summary>
    internal double HighJoules { get; private set; }

    /// <summary>The part of <see cref="Joules"/> that was used in idle time, in joules.</summary>
    internal double IdleJoules { get; private set; }

    /// <summary>The part of <see cref="IdleJoules"/> that starts, re-partitions, wake-ups and clock changes took, in joules.</summary>
    internal double TransitionJoules { get; private set; }

    /// <summary>The part of <see cref="IdleJoules"/> that the instance used while it slept, in joules.</summary>
    internal double SleepJoules { get; private set; }

    /// <summary>Time in steps with work, in seconds.</summary>
    internal double BusySeconds { get; private set; }

    /// <summary>Time in steps with work, times the sequences that decode in them, in seconds.</summary>
    internal double SequenceSeconds { get; private set; }

    /// <summary><see cref="BusySeconds"/> at the lower end of the uncertainty that comes from the clock, in seconds.</summary>
    internal double BusyLowSeconds { get; private set; }

    /// <summary><see cref="BusySeconds"/> at the upper end of the uncertainty that comes from the clock, in seconds.</summary>
    internal double BusyHighSeconds { get; private set; }

    /// <summary>Largest mean power of any step, in watts.</summary>
    internal double PeakWatts { get; private set; }

    /// <summary>Enters steps with work.</summary>
    /// <param name="stretch">The steps.</param>
    /// <param name="cost">Cost of the first step.</param>
    /// <param name="model">The setting with which they were done.</param>
    internal void AddSteps(in StepStretch stretch, in StepCost cost, StepModel model)
    {
        Note(model);
        Add(stretch, JoulesOf(cost.Low, stretch), JoulesOf(cost.High, stretch));
        Steps += stretch.Count;
        BusySeconds += stretch.Seconds;
        SequenceSeconds += stretch.Seconds * (stretch.Work?.DecodeSequences ?? 0);
        BusyLowSeconds += SecondsOf(cost.Low, stretch);
        BusyHighSeconds += SecondsOf(cost.High, stretch);
        ThrottledSteps += cost.IsThrottled ? stretch.Count : 0;
        StepsOverCap += cost.MissesCap ? stretch.Count : 0;
    }

    /// <summary>Enters a stretch without work.</summary>
    /// <param name="stretch">The stretch.</param>
    /// <param name="joules">Energy of the stretch with its uncertainty, in joules.</param>
    /// <param name="use">What the energy was used for.</param>
    internal void AddIdle(in StepStretch stretch, in BandedValue joules, IdleUse use)
    {
        Add(stretch, joules.Low, joules.High);
        IdleJoules += stretch.Joules;
        TransitionJoules += use == IdleUse.Transition ? stretch.Joules : 0;
        SleepJoules += use == IdleUse.Sleep ? stretch.Joules : 0;
    }

    private void Note(StepModel model)
    {
        // The last one is nearly always the same again.
        if ((worked.Count == 0 || worked[^1] != model) && !worked.Contains(model))
        {
            worked.Add(model);
        }
    }

    private void Add(in StepStretch stretch, double lowJoules, double highJoules)
    {
        Joules += stretch.Joules;
        LowJoules += lowJoules;
        HighJoules += highJoules;
        PeakWatts = Math.Max(PeakWatts, stretch.PeakWatts);
    }

    private static double JoulesOf(StepBound? bound, in StepStretch stretch) => bound is { } end
        ? Sum(end.Joules, end.JoulesPerContextToken, stretch)
        : stretch.Joules;

    private static double SecondsOf(StepBound? bound, in StepStretch stretch) => bound is { } end
        ? Sum(end.Seconds, end.SecondsPerContextToken, stretch)
        : stretch.Seconds;

    private static double Sum(double first, double perContextToken, in StepStretch stretch) =>
        new ArithmeticProgression(first, (stretch.Work?.DecodeSequences ?? 0) * perContextToken).Sum(stretch.Count);
}

/// <summary>What energy is used for while an instance does no work for requests.</summary>
internal enum IdleUse
{
    /// <summary>The instance could serve, or has no process, and has nothing to do.</summary>
    Idle,

    /// <summary>The instance starts, moves its weights, wakes up or changes its clock.</summary>
    Transition,

    /// <summary>The instance sleeps: its weights are in the memory of the host.</summary>
    Sleep,
}
