using GreenServe.Records.Measurements;
using GreenServe.Simulation.Physics;

namespace GreenServe.Simulation.Runs;

/// <summary>A power cap that limits a running mean instead of every step. A short peak passes while the mean leaves room for it.</summary>
/// <param name="capWatts">The cap, in watts.</param>
/// <param name="windowSeconds">Time constant of the mean, in seconds; 0 limits every step.</param>
/// <remarks>
/// The mean follows <c>m' = (P - m) / window</c>, integrated by implicit Euler steps: an approximation that is stable for every length of
/// step.
/// </remarks>
internal sealed class PowerCapWindow(double capWatts, double windowSeconds)
{
    private double meanWatts;

    /// <summary>Whether single steps may exceed the cap.</summary>
    internal bool IsOpen => windowSeconds > 0;

    /// <summary>Power that a step may draw so that the mean stays at or below the cap, in watts.</summary>
    /// <param name="seconds">Duration of the step, in seconds.</param>
    internal double AllowedWatts(double seconds) =>
        capWatts + (Math.Max(0, capWatts - meanWatts) * windowSeconds / seconds);

    /// <summary>Time and energy of a step under the cap. A single step may exceed the cap while the mean leaves room for it.</summary>
    /// <param name="model">Time and energy of steps.</param>
    /// <param name="shape">What the step works on.</param>
    internal StepCost CostOf(StepModel model, in StepShape shape)
    {
        if (!IsOpen)
        {
            return model.Cost(shape);
        }

        StepCost free = model.Cost(shape, double.PositiveInfinity);
        double allowed = AllowedWatts(free.Seconds);
        return free.Joules <= allowed * free.Seconds ? free : model.Cost(shape, allowed);
    }

    /// <summary>Number of steps, up to a maximum, that stay below a cap. Their energy and time both grow by a constant.</summary>
    /// <param name="capWatts">The cap, in watts.</param>
    /// <param name="first">Time and energy of the first step.</param>
    /// <param name="seconds">Durations of the steps.</param>
    /// <param name="joules">Energies of the steps.</param>
    /// <param name="max">Steps at most.</param>
    internal static int StepsBelow(double capWatts, StepCost first, ArithmeticProgression seconds, ArithmeticProgression joules, int max)
    {
        double growth = joules.Increment - (capWatts * seconds.Increment);
        if (max == 1 || growth <= 0)
        {
            return max;
        }

        double room = (capWatts * first.Seconds) - first.Joules;
        return (int)Math.Min(max, 1 + Math.Floor(room / growth));
    }

    /// <summary>Enters the energy of a stretch of time.</summary>
    /// <param name="seconds">Length of the stretch, in seconds.</param>
    /// <param name="joules">Energy of the stretch, in joules.</param>
    internal void Add(double seconds, double joules)
    {
        if (windowSeconds > 0 && seconds > 0)
        {
            meanWatts = ((meanWatts * windowSeconds) + joules) / (windowSeconds + seconds);
        }
    }
}
