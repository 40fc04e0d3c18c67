using GreenServe.Workloads.Traces;

namespace GreenServe.Simulation.Scheduling;

/// <summary>
/// A request as the scheduler sees it: a prompt to process and tokens to generate. A caller derives from it to add its own data.
/// </summary>
/// <remarks>
/// The counts of a decoding sequence are computed from the step count of its scheduler when they are read, so that a step takes the same
/// time however many sequences run.
/// </remarks>
public class Sequence
{
    private int generatedBefore;
    private long decodingSince;
    private StepCounter? steps;

    /// <summary>Makes a sequence.</summary>
    /// <param name="promptTokens">Length of the prompt, in tokens, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A length is less than 1.</exception>
    /// <param name="outputLimit">Largest number of tokens to generate, at least 1.</param>
    public Sequence(int promptTokens, int outputLimit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(promptTokens, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputLimit, 1);
        PromptTokens = promptTokens;
        OutputLimit = outputLimit;
    }

    /// <summary>Length of the prompt, in tokens.</summary>
    public int PromptTokens { get; }

    /// <summary>Largest number of tokens to generate.</summary>
    public int OutputLimit { get; }

    /// <summary>Number of the group of sequences that begin with the same tokens; <c>null</c> for a sequence without a group.</summary>
    public int? PrefixGroup { get; init; }

    /// <summary>Number of tokens that the sequences of the group share at the beginning of their prompts.</summary>
    public int SharedPrefixTokens { get; init; }

    /// <summary>
    /// The blocks that the prompt begins with; <c>null</c> for a prompt that is not made of blocks. A prompt has blocks or a
    /// <see cref="PrefixGroup"/>, never both.
    /// </summary>
    public PromptBlocks? Blocks { get; init; }

    /// <summary>Place among the sequences that wait: lower ranks go first, and equal ranks in the order of arrival.</summary>
    /// <value>Default 0.</value>
    public long Rank { get; internal set; }

    /// <summary>Whether the next sequence of the group begins with this whole prompt, as the next turn of a session does.</summary>
    public bool KeepsWholePrompt { get; init; }

    /// <summary>
    /// Number of tokens whose keys and values another instance sends along with the first token; 0 for a sequence that begins here.
    /// </summary>
    public int TransferredTokens
    {
        get;
        init
        {
            field = value;
            generatedBefore = value > 0 ? 1 : 0;
        }
    }

    /// <summary>
    /// Largest number of tokens that are ever cached for it. The last generated token is not cached, since nothing reads it.
    /// </summary>
    public int LongestCache => PromptTokens + OutputLimit - 1;

    /// <summary>Stage in the scheduler.</summary>
    public SequencePhase Phase { get; internal set; }

    /// <summary>Number of times that it lost its cache to an older sequence.</summary>
    public int Preemptions { get; internal set; }

    /// <summary>Number of tokens generated so far.</summary>
    public int GeneratedTokens =>
        Phase == SequencePhase.Decoding ? generatedBefore + (int)(steps!.Value - decodingSince) : generatedBefore;

    /// <summary>Number of tokens whose keys and values are cached.</summary>
    public int CachedTokens => Phase == SequencePhase.Decoding ? PromptTokens + GeneratedTokens - 1 : PrefilledTokens;

    /// <summary>
    /// Number of tokens to process before the next one can be sampled: the prompt, and after a preemption the generated tokens too.
    /// </summary>
    public int PrefillTarget => PromptTokens + generatedBefore;

    /// <summary>Number of tokens of <see cref="PrefillTarget"/> that have been processed.</summary>
    internal int PrefilledTokens { get; set; }

    /// <summary>Number of cache blocks of kept prefixes that it uses.</summary>
    internal int SharedBlocks { get; set; }

    /// <summary>Number of its <see cref="Blocks"/>, from the first, that are kept prefixes which it uses.</summary>
    internal int SharedDepth { get; set; }

    /// <summary>Number of blocks that it holds itself. It is maintained only until the sequence decodes.</summary>
    internal int OwnBlocks { get; set; }

    /// <summary>Step count at which a decoding sequence gets its last token. It has no meaning in other phases.</summary>
    internal long LastStep => decodingSince + OutputLimit - generatedBefore;

    /// <summary>Place in the order of admission. The sequence with the largest is preempted first.</summary>
    internal long Order { get; set; }

    /// <summary>The sequence admitted before it among those that run; <c>null</c> for the first.</summary>
    internal Sequence? Earlier { get; set; }

    /// <summary>The sequence admitted after it among those that run; <c>null</c> for the last.</summary>
    internal Sequence? Later { get; set; }

    /// <summary>Begins to decode: the step that completed the prompt sampled a token.</summary>
    /// <param name="counter">Step count of the scheduler.</param>
    internal void BeginDecoding(StepCounter counter)
    {
        generatedBefore++;
        decodingSince = counter.Value;
        steps = counter;
        Phase = SequencePhase.Decoding;
    }

    /// <summary>Stops running or waiting. Generated tokens are kept and cached ones are given up.</summary>
    /// <param name="next">The phase from now on.</param>
    internal void Leave(SequencePhase next)
    {
        generatedBefore = GeneratedTokens;
        PrefilledTokens = 0;
        Phase = next;
    }
}

/// <summary>Stage of a sequence in the scheduler.</summary>
public enum SequencePhase
{
    /// <summary>The sequence has not been added to a scheduler.</summary>
    New,

    /// <summary>The sequence waits for its first chunk, or to be computed again after a preemption.</summary>
    Waiting,

    /// <summary>The prompt of the sequence is being processed in chunks.</summary>
    Prefilling,

    /// <summary>The sequence gets one token in each step.</summary>
    Decoding,

    /// <summary>The sequence has all its tokens, or was taken out early.</summary>
    Ended,
}

/// <summary>Number of steps that a scheduler has completed. The scheduler shares it with its sequences.</summary>
internal sealed class StepCounter
{
    /// <summary>Number of completed steps.</summary>
    internal long Value { get; set; }
}
