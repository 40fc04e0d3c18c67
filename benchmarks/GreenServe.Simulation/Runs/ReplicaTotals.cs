using GreenServe.Simulation.Physics;

namespace GreenServe.Simulation.Runs;

/// <summary>What one replica did over a run.</summary>
internal sealed class ReplicaTotals
{
    internal long Completed { get; set; }

    internal long Cancelled { get; set; }

    internal long Steps { get; private set; }

    internal long ThrottledSteps { get; private set; }

    internal long StepsOverCap { get; private set; }

    internal double Joules { get; private set; }

    /// <summary>Energy if the clock saves as much as published readings allow (J).</summary>
    internal double LowJoules { get; private set; }

    /// <summary>Energy if the clock saves as little as published readings allow (J).</summary>
    internal double HighJoules { get; private set; }

    internal double IdleJoules { get; private set; }

    internal double BusySeconds { get; private set; }

    internal double PeakWatts { get; private set; }

    internal void Add(in StepStretch stretch, in StepCost cost)
    {
        double joules = stretch.Joules;
        Joules += joules;
        LowJoules += Sum(cost.Low, stretch, joules);
        HighJoules += Sum(cost.High, stretch, joules);
        PeakWatts = Math.Max(PeakWatts, stretch.PeakWatts);
        if (stretch.IsIdle)
        {
            IdleJoules += joules;
            return;
        }

        Steps += stretch.Count;
        BusySeconds += stretch.Seconds;
        ThrottledSteps += cost.IsThrottled ? stretch.Count : 0;
        StepsOverCap += cost.MissesCap ? stretch.Count : 0;
    }

    private static double Sum(EnergyBound? bound, in StepStretch stretch, double joules) => bound is { } end
        ? StepStretch.Sum(end.Joules, stretch.DecodeSequences * end.JoulesPerContextToken, stretch.Count)
        : joules;
}
