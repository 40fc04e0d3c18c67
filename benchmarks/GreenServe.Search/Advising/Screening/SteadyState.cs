using GreenServe.Records.Systems;
using GreenServe.Simulation.Physics;
using MathNet.Numerics.Distributions;

namespace GreenServe.Search.Advising.Screening;

/// <summary>An instance under a steady load: how many sequences it decodes, how busy it is, and how long requests wait.</summary>
/// <remarks>
/// Prompts take a share of the time, and the sequences share the rest. Their number follows from the rate and from the time of a step
/// (Little's law), and varies like a Poisson variable. Prompts wait as in a queue with Poisson arrivals and one server.
/// </remarks>
internal sealed class SteadyState
{
    private const double HighestPromptShare = 0.97;

    /// <summary>Prompt tokens of a step are told apart by so many.</summary>
    private const int TokenGrain = 64;

    private readonly LoadShape load;
    private readonly InstanceCosts costs;
    private readonly int chunk;
    private readonly bool caches;
    private readonly double maxSequences;
    private readonly double promptSeconds;
    private readonly double residualSeconds;
    private readonly double sharedPromptShare;
    private readonly bool isSplit;
    private double promptShare;

    internal SteadyState(LoadShape load, InstanceCosts costs, SimulatedSystem system, ServingSetting setting)
    {
        this.load = load;
        this.costs = costs;
        chunk = system.StepTokens;
        caches = system.Engine.CachesPrefixes;
        isSplit = setting.PrefillReplicas > 0;
        maxSequences = Math.Max(1, Math.Min(system.MaxSequences, costs.CapacityTokens / load.TotalTokens));
        (double Share, double Seconds, double Joules)[] prompts =
        [
            .. load.Classes.Select(own => (own.Share, Cost: costs.Prompt(Processed(own, own.InputTokens), chunk)))
                .Select(own => (own.Share, own.Cost.Seconds, own.Cost.Joules)),
        ];
        promptSeconds = prompts.Sum(own => own.Share * own.Seconds);
        residualSeconds = prompts.Sum(own => own.Share * own.Seconds * own.Seconds) / (2 * Math.Max(1e-9, promptSeconds));
        double promptJoules = prompts.Sum(own => own.Share * own.Joules);
        if (load.Users is { } users)
        {
            CloseLoop(users / (double)setting.Replicas, setting);
        }
        else
        {
            OpenLoop(load.RequestsPerSecond, setting);
        }

        sharedPromptShare = isSplit ? 0 : promptShare;
        double decodeJoules = DecodedTokens * costs.Decode(active).Joules / active;
        double busySeconds = promptSeconds + (DecodedTokens * costs.Decode(active).Seconds / active);
        double idleSeconds = Math.Max(0, ((setting.Replicas + setting.PrefillReplicas) / RequestsPerSecond) - busySeconds);
        JoulesPerRequest = promptJoules + decodeJoules + (costs.IdleWatts * idleSeconds);
    }

    private double DecodedTokens => Math.Max(0, load.OutputTokens - 1);

    /// <summary>Mean number of sequences that decode.</summary>
    private double sequences;

    /// <summary>Mean number of sequences of a step that decodes, at least 1.</summary>
    private double active = 1;

    /// <summary>Requests that wait because the batch is full, over those that run; 0 where it is never full.</summary>
    private double waiting;

    /// <summary>Energy of a request on all instances, in joules.</summary>
    internal double JoulesPerRequest { get; }

    /// <summary>Requests that all instances serve per second.</summary>
    internal double RequestsPerSecond { get; private set; }

    /// <summary>The load over what the instances can carry; at most 1 where they carry it.</summary>
    internal double OverloadRatio { get; private set; }

    internal double TtftSeconds(ClassLoad own, double missed)
    {
        double prompt = costs.Prompt(Processed(own, own.LongInputTokens), chunk).Seconds;
        double wait = residualSeconds / (1 - promptShare) * Math.Max(0, Math.Log(Math.Max(1e-9, promptShare) / missed));
        double step = isSplit ? 0 : Math.Ceiling(Processed(own, own.LongInputTokens) / (double)chunk) * costs.Decode(active).Seconds;
        double backlog = OverloadRatio > 1 ? (1 - (1 / OverloadRatio)) * (1 - missed) * load.Seconds : 0;
        return costs.FrontEndSeconds + step + prompt + wait + SlotSeconds(missed) + backlog;
    }

    internal double TbtSeconds(ClassLoad own, double missed)
    {
        double many = Many(missed);
        double decode = costs.Decode(many).Seconds;

        // Prompts that wait share a step as far as it has room.
        double together = Processed(own, own.InputTokens) * (1 + (promptShare * Math.Log(1 / missed)));
        int tokens = Math.Min(chunk, (int)(Math.Ceiling(together / TokenGrain) * TokenGrain));
        double chunks = Math.Ceiling(Processed(own, own.InputTokens) / (double)chunk);
        double mixedShare = isSplit ? 0 : sharedPromptShare / Math.Max(1e-9, promptSeconds) * chunks * costs.Decode(active).Seconds;
        return mixedShare > missed ? costs.MixedSeconds(tokens, many) : decode;
    }

    internal double TpotSeconds(double missed) => costs.Decode(Many(missed)).Seconds / (1 - sharedPromptShare);

    private int Processed(ClassLoad own, int tokens) => Math.Max(1, tokens - (caches ? own.SharedTokens : 0));

    private double Many(double missed) =>
        Math.Clamp(load.Users is null ? sequences + (Quantile(missed) * Math.Sqrt(sequences)) : sequences, 1, maxSequences);

    private static double Quantile(double missed) => Normal.InvCDF(0, 1, 1 - missed);

    /// <summary>Time for which a request waits for a place in the batch.</summary>
    private double SlotSeconds(double missed)
    {
        double residence = DecodedTokens * costs.Decode(active).Seconds / (1 - sharedPromptShare);
        double wanted = load.Users is null ? sequences + (Quantile(missed) * Math.Sqrt(sequences)) : 0;
        return residence * (waiting + (Math.Max(0, wanted - maxSequences) / maxSequences));
    }

    private void OpenLoop(double rate, ServingSetting setting)
    {
        RequestsPerSecond = rate;
        double ofPrompts = rate / (isSplit ? setting.PrefillReplicas : setting.Replicas);
        double ofDecodes = rate / setting.Replicas;
        promptShare = ofPrompts * promptSeconds;
        OverloadRatio = promptShare / HighestPromptShare;
        promptShare = Math.Min(promptShare, HighestPromptShare);
        double free = isSplit ? 1 : 1 - promptShare;
        (double low, double high) = (0, maxSequences);
        double Wanted(double at) => ofDecodes * DecodedTokens * costs.Decode(ActiveOf(at)).Seconds / free;
        if (Wanted(high) > high)
        {
            OverloadRatio = Math.Max(OverloadRatio, Wanted(high) / high);
            low = high;
        }

        for (int turn = 0; turn < 24 && high - low > 1e-4 * high; turn++)
        {
            double middle = (low + high) / 2;
            (low, high) = Wanted(middle) > middle ? (middle, high) : (low, middle);
        }

        sequences = high;
        active = ActiveOf(sequences);
    }

    private void CloseLoop(double users, ServingSetting setting)
    {
        sequences = Math.Max(1, Math.Min(users, maxSequences));
        for (int turn = 0; turn < 20; turn++)
        {
            double perSecond = 1 / (promptSeconds + (DecodedTokens * costs.Decode(sequences).Seconds / sequences));
            RequestsPerSecond = setting.Replicas * perSecond;
            promptShare = Math.Min(HighestPromptShare, perSecond * promptSeconds);
            double awake = Math.Max(1, users - (perSecond * load.ThinkSeconds));
            waiting = Math.Max(0, awake - maxSequences) / maxSequences;
            sequences = (sequences + Math.Clamp(awake, 1, maxSequences)) / 2;
        }

        active = sequences;
    }

    /// <summary>Mean of a Poisson variable where it is not 0.</summary>
    private static double ActiveOf(double mean) => mean < 1e-6 ? 1 : Math.Max(1, mean / -double.ExpM1(-mean));
}
