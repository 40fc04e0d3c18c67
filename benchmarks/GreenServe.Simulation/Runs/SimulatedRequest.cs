using System.Runtime.CompilerServices;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Scheduling;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Simulation.Runs;

/// <summary>A request in a simulation: what the scheduler knows of it, and what its outcome is made of.</summary>
internal sealed class SimulatedRequest(ScheduledRequest request, double issuedSeconds, int? gapClass, int user, int outputLimit)
    : Sequence(request.InputTokens, outputLimit)
{
    private StrongBox<RequestView>? view;

    /// <summary>Whether another instance decodes it after its first token.</summary>
    internal bool IsHandedOver => OutputLimit < Request.OutputTokens;

    /// <summary>The request as scheduled.</summary>
    internal ScheduledRequest Request { get; } = request;

    /// <summary>Time at which it was sent, in seconds from the start of the run.</summary>
    internal double IssuedSeconds { get; } = issuedSeconds;

    /// <summary>Number of the class under which its token gaps are counted; <c>null</c> for a request of the warm-up.</summary>
    internal int? GapClass { get; } = gapClass;

    /// <summary>Number of the user who waits for it in a closed loop; 0 in an open loop.</summary>
    internal int User { get; } = user;

    /// <summary>Time of its first token, in seconds from the start of the run; <c>null</c> before it has one.</summary>
    internal double? FirstTokenSeconds { get; set; }

    /// <summary>Time of its last token before a preemption or a move to another instance, in seconds from the start of the run.</summary>
    internal double LastTokenSeconds { get; set; }

    /// <summary>
    /// How long decoding requests had waited for steps of prompts alone when this one got its first token, in seconds; 0 once they go on.
    /// </summary>
    internal double StallAtBeginSeconds { get; set; }

    /// <summary>Energy charged to its prompt so far, in joules.</summary>
    internal double PrefillJoules { get; set; }

    /// <summary>Energy charged to its decoding up to the last settlement, in joules.</summary>
    internal double DecodeJoules { get; set; }

    /// <summary>Whether it decodes. Only then do <see cref="FirstStretch"/> and <see cref="Mark"/> have a meaning.</summary>
    internal bool IsDecoding { get; set; }

    /// <summary>Number of the first stretch of steps since it last began to decode.</summary>
    internal long FirstStretch { get; set; }

    /// <summary>The sums of the ledger when its decode energy was last settled.</summary>
    internal EnergyLedger.Mark Mark { get; set; }

    /// <summary>The request's context in the first step since <see cref="Mark"/>, in tokens.</summary>
    internal int ContextAtMark { get; set; }

    /// <summary>Token gaps from before its preemptions; <c>null</c> for a request that was never preempted.</summary>
    internal List<GapLog.Entry>? EarlierGaps { get; set; }

    /// <summary>What a policy may know of it; it has no meaning in a run without a policy, which takes no room for it.</summary>
    internal RequestView View
    {
        get => view?.Value ?? default;
        set => view = new StrongBox<RequestView>(value);
    }

    /// <summary>Number of the instance that is to decode it after its first token; <c>null</c> where that is not decided.</summary>
    internal int? DecodeInstance { get; set; }

    /// <summary>A copy that has not begun, for whichever instance it is routed to.</summary>
    internal SimulatedRequest Afresh() => TransferredTokens > 0 ? ForDecode() : WithPrompt(Request.OutputTokens);

    /// <summary>A copy that ends with the first token, for the instance that processes the prompt.</summary>
    internal SimulatedRequest ForPrefill() => WithPrompt(outputLimit: 1);

    /// <summary>A copy that begins after the first token with the keys and values of the prompt, for the instance that decodes.</summary>
    internal SimulatedRequest ForDecode() => new(Request, IssuedSeconds, GapClass, User, Request.OutputTokens)
    {
        TransferredTokens = PromptTokens,
        FirstTokenSeconds = FirstTokenSeconds,
        LastTokenSeconds = LastTokenSeconds,
        PrefillJoules = PrefillJoules,
        view = view is null ? null : new StrongBox<RequestView>(View with { HasFirstToken = true }),
        DecodeInstance = DecodeInstance,
    };

    /// <summary>What became of the request where no instance has it.</summary>
    internal RequestOutcome OutcomeWithoutInstance() => new(
        Request,
        Replica: null,
        IssuedSeconds,
        FirstTokenSeconds,
        CompletedSeconds: null,
        GeneratedTokens,
        TbtP99Seconds: null,
        TbtMaxSeconds: null,
        PrefillJoules,
        PrefillJoules);

    private SimulatedRequest WithPrompt(int outputLimit) => new(Request, IssuedSeconds, GapClass, User, outputLimit)
    {
        PrefixGroup = PrefixGroup,
        SharedPrefixTokens = SharedPrefixTokens,
        KeepsWholePrompt = KeepsWholePrompt,
        Blocks = Blocks,
        view = view,
        DecodeInstance = DecodeInstance,
    };
}
