using System.Runtime.InteropServices;
using GreenServe.Engine.Runners;
using GreenServe.Simulation.Scheduling;

namespace GreenServe.Engine.Inference;

/// <summary>Carries a scheduler's plan to the runner and the tokens back to their sequences.</summary>
internal sealed class StepExecution(IDecoderRunner runner)
{
    private readonly List<SequenceWork> work = [];
    private readonly List<InferenceSequence> owners = [];
    private readonly List<InferenceSequence> ended = [];
    private int[] nextTokens = [];

    /// <summary>Sequences whose text ended in the last step.</summary>
    internal IReadOnlyList<InferenceSequence> Ended => ended;

    /// <summary>Executes the plan; each sequence that got a token has handed it on when this returns.</summary>
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
            Add(sequence, sequence.NextToken());
        }

        foreach (PrefillChunk<InferenceSequence> chunk in plan.Prefills)
        {
            if (chunk.Sequence.RunnerSequence < 0)
            {
                chunk.Sequence.RunnerSequence = runner.OpenSequence();
            }

            Add(chunk.Sequence, chunk.Sequence.Chunk(chunk.Offset, chunk.Tokens, chunk.CompletesPrompt));
        }

        if (nextTokens.Length < work.Count)
        {
            nextTokens = new int[work.Count];
        }

        runner.Step(CollectionsMarshal.AsSpan(work), nextTokens);
        for (int index = 0; index < owners.Count; index++)
        {
            if (nextTokens[index] >= 0)
            {
                owners[index].Append(nextTokens[index]);
                if (owners[index].HasEnded)
                {
                    ended.Add(owners[index]);
                }
            }
        }
    }

    /// <summary>Frees a sequence's slot in the runner, if it has one.</summary>
    internal void Close(InferenceSequence sequence)
    {
        if (sequence.RunnerSequence >= 0)
        {
            runner.CloseSequence(sequence.RunnerSequence);
            sequence.RunnerSequence = -1;
        }
    }

    private void Add(InferenceSequence sequence, SequenceWork item)
    {
        owners.Add(sequence);
        work.Add(item);
    }
}
