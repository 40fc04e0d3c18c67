namespace GreenServe.Simulation.Scheduling;

/// <summary>Work of the next step. It belongs to its scheduler, and the next plan overwrites it.</summary>
/// <typeparam name="TSequence">The caller's sequences.</typeparam>
public sealed class StepPlan<TSequence>
    where TSequence : Sequence
{
    private readonly BatchScheduler<TSequence> scheduler;
    private readonly List<PrefillChunk<TSequence>> prefills = [];
    private readonly List<TSequence> preempted = [];

    internal StepPlan(BatchScheduler<TSequence> scheduler) => this.scheduler = scheduler;

    /// <summary>Chunks of prompts, in the order of admission.</summary>
    public IReadOnlyList<PrefillChunk<TSequence>> Prefills => prefills;

    /// <summary>Sequences that lost their cache to make room for this step. Each of them got its latest token in an earlier step.</summary>
    public IReadOnlyList<TSequence> Preempted => preempted;

    /// <summary>Number of sequences that get one more token each.</summary>
    public int DecodeSequences { get; internal set; }

    /// <summary>Number of tokens that the decoding sequences attend to, including the new ones, summed over them.</summary>
    public long ContextTokens { get; internal set; }

    /// <summary>Number of tokens of <see cref="Prefills"/>, summed over them.</summary>
    public int PrefillTokens { get; private set; }

    /// <summary>
    /// Number of successive steps that would have this same plan if no sequence is added or taken out. It is at least 1 for a plan that is
    /// not empty, and more than 1 only without prefills. <see cref="BatchScheduler{TSequence}.Complete"/> accepts any number up to it.
    /// </summary>
    public int Repeatable { get; internal set; }

    /// <summary>Whether the step has nothing to do.</summary>
    public bool IsEmpty => DecodeSequences == 0 && prefills.Count == 0;

    /// <summary>The decoding sequences in the order of admission. Reading it visits all running sequences, as a real engine must.</summary>
    public IEnumerable<TSequence> Decoding => scheduler.Running.Where(sequence => sequence.Phase == SequencePhase.Decoding);

    internal void Clear()
    {
        prefills.Clear();
        preempted.Clear();
        PrefillTokens = 0;
        DecodeSequences = 0;
        ContextTokens = 0;
        Repeatable = 0;
    }

    internal void Add(in PrefillChunk<TSequence> chunk)
    {
        prefills.Add(chunk);
        PrefillTokens += chunk.Tokens;
    }

    internal void AddPreempted(TSequence sequence) => preempted.Add(sequence);
}

/// <summary>Prompt tokens of one sequence that a step processes.</summary>
/// <typeparam name="TSequence">The caller's sequences.</typeparam>
/// <param name="Sequence">The sequence.</param>
/// <param name="Offset">Number of its tokens that earlier steps processed.</param>
/// <param name="Tokens">Number of its tokens that this step processes.</param>
/// <param name="CompletesPrompt">
/// Whether these are the last tokens of the prompt, so that the step samples a token for the sequence.
/// </param>
public readonly record struct PrefillChunk<TSequence>(TSequence Sequence, int Offset, int Tokens, bool CompletesPrompt)
    where TSequence : Sequence;
