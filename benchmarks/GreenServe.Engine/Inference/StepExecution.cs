using System.Runtime.InteropServices;
using GreenServe.Engine.Runners;
using GreenServe.Simulation.Scheduling;

namespace GreenServe.Engine.Inference;

/// <summary>Has the runner execute a scheduler's plan, and passes the tokens back to their sequences.</summary>
internal sealed class StepExecution(IDecoderRunner runner)
{
    private readonly List<SequenceWork> work = [];
    private readonly List<InferenceSequence> owners = [];
    private readonly List<InferenceSequence> ended = [];
    private int[] nextTokens = [];

    /// <summary>The sequences whose output ended in the last step. Their sinks know it.</summary>
    internal IReadOnlyList<InferenceSequence> Ended => ended;

    /// <summary>Executes a plan. When the method returns, each sequence that got a token has passed it to its sink.</summary>
    internal void Run(StepPlan<InferenceSequence> plan)
    {
        work.Clear();
        owners.Clear();
        ended.Clear();
        foreach (InferenceSequence sequence in plan.Preempted)
        {
            Close(sequence);
        }

        foreach (InferenceSequence sequence in plan.Decoding)
        {
            Add(sequence, sequence.NextToken(Open(sequence)));
        }

        foreach (PrefillChunk<InferenceSequence> chunk in plan.Prefills)
        {
            int runnerSequence = Open(chunk.Sequence);
            Add(chunk.Sequence, chunk.Sequence.Chunk(runnerSequence, chunk.Offset, chunk.Tokens, chunk.CompletesPrompt));
        }

        if (nextTokens.Length < work.Count)
        {
            nextTokens = new int[work.Count];
        }

        runner.Step(CollectionsMarshal.AsSpan(work), nextTokens);
        for (int index = 0; index < owners.Count; index++)
        {
            if (work[index].Choice is not null)
            {
                owners[index].Append(nextTokens[index]);
                if (owners[index].Ended is not null)
                {
                    ended.Add(owners[index]);
                }
            }
        }
    }

    /// <summary>Frees the slot of a sequence in the runner, if the sequence has one.</summary>
    internal void Close(InferenceSequence sequence)
    {
        if (sequence.RunnerSequence is { } runnerSequence)
        {
            runner.CloseSequence(runnerSequence);
            sequence.RunnerSequence = null;
        }
    }

    /// <summary>Returns the number of a sequence in the runner. A sequence without a slot takes one.</summary>
    private int Open(InferenceSequence sequence)
    {
        int runnerSequence = sequence.RunnerSequence ?? runner.OpenSequence();
        sequence.RunnerSequence = runnerSequence;
        return runnerSequence;
    }

    private void Add(InferenceSequence sequence, SequenceWork item)
    {
        owners.Add(sequence);
        work.Add(item);
    }
}
