namespace GreenServe.Simulation.Scheduling;

/// <summary>
/// Lets prompts wait beside decoding sequences until they fill a share of a step, or until a number of steps has passed
/// (<see cref="SchedulerPolicy.BatchWaitRatio"/>, <see cref="SchedulerPolicy.BatchWaitSteps"/>).
/// </summary>
internal sealed class BatchWait(SchedulerPolicy policy)
{
    private readonly int maxSteps = policy.BatchWaitSteps;
    private int waitedSteps;

    /// <summary>Whether the prompts of the present plan wait.</summary>
    internal bool IsWaiting { get; private set; }

    /// <summary>Number of steps for which the present plan may repeat. The next plan decides anew whether sequences wait.</summary>
    /// <param name="waiting">Number of sequences that wait.</param>
    internal int StepsLeft(int waiting) =>
        IsWaiting ? maxSteps - waitedSteps : maxSteps > 0 && waiting > 0 ? 1 : int.MaxValue;

    /// <summary>Decides whether the prompts that could be admitted wait.</summary>
    /// <param name="limits">The limits of the batch.</param>
    /// <param name="budget">Tokens of the step that are not taken yet.</param>
    /// <param name="decoding">Number of sequences that decode.</param>
    /// <param name="waiting">The waiting sequences, in the order of their turn.</param>
    /// <param name="room">Number of sequences that the batch still has room for.</param>
    internal void Decide<TSequence>(
        BatchLimits limits, int budget, int decoding, WaitingLine<TSequence> waiting, int room)
        where TSequence : Sequence
    {
        IsWaiting = false;
        if (waitedSteps < maxSteps && decoding > 0)
        {
            double wanted = (policy.BatchWaitRatio * limits.StepTokens) - (limits.StepTokens - budget);
            double tokens = waiting.Sequences.Take(room).Sum(sequence => (double)sequence.PrefillTarget);
            IsWaiting = tokens > 0 && tokens < wanted;
        }
    }

    /// <summary>Counts completed steps of the present plan.</summary>
    internal void Complete(int steps) => waitedSteps = IsWaiting ? waitedSteps + steps : 0;
}
