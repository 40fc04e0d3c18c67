namespace GreenServe.Simulation.Scheduling;

/// <summary>A request as the scheduler sees it: a prompt to process and tokens to generate. Derive to carry more.</summary>
/// <remarks>
/// Counts of decoding sequences are worked out from the scheduler's step count when they are asked for, so that a step costs the
/// same however many sequences run.
/// </remarks>
public class Sequence
{
    private int generatedBefore;
    private long decodingSince;
    private StepCounter? steps;

    /// <summary>Makes a sequence.</summary>
    /// <param name="promptTokens">Length of the prompt (tokens), at least 1.</param>
    /// <param name="outputLimit">Most tokens to generate, at least 1.</param>
    public Sequence(int promptTokens, int outputLimit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(promptTokens, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputLimit, 1);
        PromptTokens = promptTokens;
        OutputLimit = outputLimit;
    }

    /// <summary>Length of the prompt (tokens).</summary>
    public int PromptTokens { get; }

    /// <summary>Most tokens to generate.</summary>
    public int OutputLimit { get; }

    /// <summary>Sequences of one group begin with the same tokens; <c>null</c> for none.</summary>
    public int? PrefixGroup { get; init; }

    /// <summary>How many tokens those of a group share at the beginning of their prompts.</summary>
    public int SharedPrefixTokens { get; init; }

    /// <summary>Whether the next of its group begins with its whole prompt, as the next turn of a session does.</summary>
    public bool LeavesWholePrompt { get; init; }

    /// <summary>Tokens whose keys and values come with it from another instance, with its first token; 0 for a sequence that begins here.</summary>
    public int TransferredTokens
    {
        get;
        init
        {
            field = value;
            generatedBefore = value > 0 ? 1 : 0;
        }
    }

    /// <summary>Most tokens it ever has cached: the last one generated is not read again.</summary>
    public int LongestCache => PromptTokens + OutputLimit - 1;

    /// <summary>Where it stands.</summary>
    public SequencePhase Phase { get; internal set; }

    /// <summary>Times it lost its cache to an older sequence.</summary>
    public int Preemptions { get; internal set; }

    /// <summary>Tokens generated so far.</summary>
    public int GeneratedTokens => Phase == SequencePhase.Decoding ? generatedBefore + (int)(steps!.Value - decodingSince) : generatedBefore;

    /// <summary>Tokens whose keys and values are cached.</summary>
    public int CachedTokens => Phase == SequencePhase.Decoding ? PromptTokens + GeneratedTokens - 1 : PrefilledTokens;

    /// <summary>Tokens to process before the next one can be sampled: the prompt, and after a preemption what was generated too.</summary>
    public int PrefillTarget => PromptTokens + generatedBefore;

    /// <summary>Of <see cref="PrefillTarget"/>, those already processed.</summary>
    internal int PrefilledTokens { get; set; }

    /// <summary>Blocks it uses of a kept prefix.</summary>
    internal int SharedBlocks { get; set; }

    /// <summary>Blocks it holds itself; kept up only until it decodes.</summary>
    internal int OwnBlocks { get; set; }

    /// <summary>Step count at which the last token is due; only while decoding.</summary>
    internal long LastStep => decodingSince + OutputLimit - generatedBefore;

    /// <summary>Place in the order of admission; the larger is preempted first.</summary>
    internal long Order { get; set; }

    /// <summary>Neighbours in the list of running sequences.</summary>
    internal Sequence? Earlier { get; set; }

    /// <inheritdoc cref="Earlier"/>
    internal Sequence? Later { get; set; }

    internal void BeginDecoding(StepCounter counter)
    {
        generatedBefore++;
        decodingSince = counter.Value;
        steps = counter;
        Phase = SequencePhase.Decoding;
    }

    internal void Leave(SequencePhase next)
    {
        generatedBefore = GeneratedTokens;
        PrefilledTokens = 0;
        Phase = next;
    }
}
