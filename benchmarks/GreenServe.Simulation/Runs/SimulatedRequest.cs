using GreenServe.Simulation.Scheduling;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Simulation.Runs;

/// <summary>A request under simulation: what the scheduler knows, and what is kept to tell its story at the end.</summary>
internal sealed class SimulatedRequest(ScheduledRequest request, double issuedSeconds, int gapClass, int user, int outputLimit)
    : Sequence(request.InputTokens, outputLimit)
{
    /// <summary>Whether another instance goes on with it after its first token.</summary>
    internal bool IsHandedOver => OutputLimit < Request.OutputTokens;

    internal ScheduledRequest Request { get; } = request;

    internal double IssuedSeconds { get; } = issuedSeconds;

    /// <summary>Class under which its token gaps are counted, or <see cref="GapCounts.Uncounted"/>.</summary>
    internal int GapClass { get; } = gapClass;

    /// <summary>The user of a closed loop who waits for it.</summary>
    internal int User { get; } = user;

    internal double? FirstTokenSeconds { get; set; }

    /// <summary>When it was last given a token before it was preempted (s).</summary>
    internal double LastTokenSeconds { get; set; }

    internal double PrefillJoules { get; set; }

    internal double DecodeJoules { get; set; }

    /// <summary>Whether it decodes, so that <see cref="FirstStretch"/> and <see cref="Mark"/> hold.</summary>
    internal bool IsDecoding { get; set; }

    /// <summary>First stretch of steps of its present spell of decoding.</summary>
    internal long FirstStretch { get; set; }

    /// <summary>Where its decode energy was last settled.</summary>
    internal EnergyLedger.Mark Mark { get; set; }

    /// <summary>Its context (tokens) in the first step since <see cref="Mark"/>.</summary>
    internal int ContextAtMark { get; set; }

    /// <summary>Token gaps from before its preemptions; <c>null</c> for a request that had none.</summary>
    internal List<GapLog.Entry>? EarlierGaps { get; set; }

    /// <summary>The same request up to its first token.</summary>
    internal SimulatedRequest ForPrefill() => new(Request, IssuedSeconds, GapClass, User, outputLimit: 1)
    {
        PrefixGroup = PrefixGroup,
        SharedPrefixTokens = SharedPrefixTokens,
        LeavesWholePrompt = LeavesWholePrompt,
    };

    /// <summary>The same request after its first token, with the keys and values of its prompt.</summary>
    internal SimulatedRequest ForDecode() => new(Request, IssuedSeconds, GapClass, User, Request.OutputTokens)
    {
        TransferredTokens = PromptTokens,
        FirstTokenSeconds = FirstTokenSeconds,
        LastTokenSeconds = LastTokenSeconds,
        PrefillJoules = PrefillJoules,
    };
}
