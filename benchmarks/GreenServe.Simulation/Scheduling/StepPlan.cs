namespace GreenServe.Simulation.Scheduling;

/// <summary>What the next step is to do. Lives in its scheduler and is overwritten by the next plan.</summary>
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

    /// <summary>Sequences that lost their cache to make room for this step. Each had its last token in an earlier step.</summary>
    public IReadOnlyList<TSequence> Preempted => preempted;

    /// <summary>Sequences that get one more token each.</summary>
    public int DecodeSequences { get; internal set; }

    /// <summary>Tokens those attend to, the new ones included, summed.</summary>
    public long ContextTokens { get; internal set; }

    /// <summary>Tokens of <see cref="Prefills"/>, summed.</summary>
    public int PrefillTokens { get; private set; }

    /// <summary>
    /// How often this very plan would be made again in a row, at least 1 for a plan that is not empty, if nothing is added or taken out:
    /// more than 1 only without prefills. <see cref="BatchScheduler{TSequence}.Complete"/> takes any number up to it.
    /// </summary>
    public int Repeatable { get; internal set; }

    /// <summary>Whether there is nothing to do.</summary>
    public bool IsEmpty => DecodeSequences == 0 && prefills.Count == 0;

    /// <summary>The decoding sequences in the order of admission. Walks all running ones: for engines that must feed each of them.</summary>
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
