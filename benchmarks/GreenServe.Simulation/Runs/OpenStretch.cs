using GreenServe.Records.Measurements;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Scheduling;

namespace GreenServe.Simulation.Runs;

/// <summary>
/// The stretch of steps that an instance is within, if it is within one. It may still be cut, but never before the present time. One object
/// serves all stretches of an instance, one after the other.
/// </summary>
internal sealed class OpenStretch
{
    private StepPlan<SimulatedRequest> plan = null!;
    private StepCost cost;
    private double startSeconds;

    /// <summary>Whether the instance is within a stretch. Only then do the other members have a meaning.</summary>
    internal bool IsOpen { get; private set; }

    /// <summary>What each of its steps works on.</summary>
    internal StepPlan<SimulatedRequest> Plan => plan;

    /// <summary>Cost of its first step.</summary>
    internal ref readonly StepCost Cost => ref cost;

    /// <summary>Number of its steps, at least 1.</summary>
    internal int Count { get; set; }

    /// <summary>Duration of each step, in seconds.</summary>
    internal ArithmeticProgression StepSeconds => new(cost.Seconds, plan.DecodeSequences * cost.SecondsPerContextToken);

    /// <summary>Energy of each step, in joules.</summary>
    internal ArithmeticProgression StepJoules => new(cost.Joules, plan.DecodeSequences * cost.JoulesPerContextToken);

    /// <summary>End of its last step, in seconds from the start of the run.</summary>
    internal double EndSeconds => startSeconds + StepSeconds.Sum(Count);

    /// <summary>Start of its last step, in seconds from the start of the run.</summary>
    internal double LastStepSeconds => startSeconds + StepSeconds.Sum(Count - 1);

    /// <summary>Begins a stretch of one step.</summary>
    /// <param name="work">What each of its steps works on.</param>
    /// <param name="first">Cost of its first step.</param>
    /// <param name="seconds">Start of its first step, in seconds from the start of the run.</param>
    internal void Begin(StepPlan<SimulatedRequest> work, in StepCost first, double seconds)
    {
        (plan, cost, startSeconds, Count, IsOpen) = (work, first, seconds, 1, true);
    }

    /// <summary>Ends the stretch.</summary>
    internal void Close() => IsOpen = false;

    /// <summary>Cuts it after the first step that ends at or after a time.</summary>
    /// <param name="seconds">The time, in seconds from the start of the run.</param>
    internal void EndAfter(double seconds) => Count = StepSeconds.CountReaching(seconds - startSeconds, Count);

    /// <summary>Energy that it has used by a time within it, in joules. Power is constant within a step.</summary>
    /// <param name="seconds">The time, in seconds from the start of the run.</param>
    internal double JoulesBy(double seconds)
    {
        int done = StepsBy(seconds);
        double rest = Math.Clamp((seconds - startSeconds - StepSeconds.Sum(done)) / StepSeconds.At(done), 0, 1);
        return StepJoules.Sum(done) + (rest * StepJoules.At(done));
    }

    /// <summary>Tokens in the contexts of the decoding requests at a time within it.</summary>
    /// <param name="seconds">The time, in seconds from the start of the run.</param>
    internal long ContextTokensBy(double seconds) => plan.ContextTokens + ((long)plan.DecodeSequences * StepsBy(seconds));

    /// <summary>The stretch as a sink gets it, at its end.</summary>
    /// <param name="replica">Number of the instance, from 0.</param>
    /// <param name="clockMegahertz">Clock of the accelerators, in megahertz.</param>
    /// <param name="waitingRequests">Requests that wait.</param>
    internal StepStretch Completed(int replica, double clockMegahertz, int waitingRequests) => new()
    {
        Replica = replica,
        StartSeconds = startSeconds,
        Count = Count,
        StepSeconds = StepSeconds,
        StepJoules = StepJoules,
        ClockMegahertz = clockMegahertz,
        WaitingRequests = waitingRequests,
        Work = StretchWork.Of(plan.PrefillTokens, plan.DecodeSequences, plan.ContextTokens, cost),
    };

    /// <summary>Number of steps, less than <see cref="Count"/>, that have ended by a time.</summary>
    private int StepsBy(double seconds)
    {
        int reaching = StepSeconds.CountReaching(seconds - startSeconds, Count);
        return startSeconds + StepSeconds.Sum(reaching) <= seconds ? Math.Min(reaching, Count - 1) : reaching - 1;
    }
}
