using GreenServe.Simulation.Capacity;
using GreenServe.Simulation.Control;
using GreenServe.Simulation.Policies.Estimates;

namespace GreenServe.Simulation.Policies.Planners;

/// <summary>The rules of NVIDIA Dynamo's planner for the numbers of servers that process prompts and of servers that decode.</summary>
/// <param name="Prefill">What a server that processes prompts does.</param>
/// <param name="Decode">What a server that decodes does.</param>
/// <param name="TtftSeconds">Target of the time to the first token, in seconds.</param>
/// <param name="TpotSeconds">Target of the mean time between tokens, in seconds.</param>
/// <param name="DownShare">Share of a target that must hold with one server fewer before one is stopped, from 0 to 1.</param>
internal sealed record PlannerRules(
    SteadyServing Prefill, SteadyServing Decode, double TtftSeconds, double TpotSeconds, double DownShare)
{
    /// <summary>Servers that a load needs within the targets. It is the floor of what the load loop decides.</summary>
    /// <param name="requestsPerSecond">The predicted load.</param>
    /// <param name="lengths">The predicted lengths.</param>
    internal ReplicaCounts Floor(double requestsPerSecond, RequestLengths lengths)
    {
        int sequences = Math.Max(1, Decode.MaxDecodeSequences(lengths, TpotSeconds));
        return new ReplicaCounts(
            (int)Math.Ceiling(requestsPerSecond * Prefill.PromptSeconds(lengths.InputTokens)),
            (int)Math.Ceiling(requestsPerSecond * Decode.DecodeSeconds(lengths, sequences)));
    }

    /// <summary>
    /// One server more (1) if the next request would miss its first token in time at all of them. One fewer (-1) if with it gone, the
    /// queues of the others would take less than a share of the time that a prompt leaves. Otherwise none (0).
    /// </summary>
    /// <param name="engines">The instances that process prompts.</param>
    /// <param name="inputTokens">Mean length of a prompt.</param>
    internal int PrefillChange(IReadOnlyList<IInstanceView> engines, int inputTokens)
    {
        double own = Prefill.PromptSeconds(inputTokens);
        double fewer = engines.Count / Math.Max(1, engines.Count - 1.0);
        bool allMiss = engines.Count > 0;
        bool canStop = engines.Count > 1;
        foreach (IInstanceView engine in engines)
        {
            double queue = Prefill.QueueSeconds(engine.PromptTokens, inputTokens) - own;
            allMiss &= queue + own > TtftSeconds;
            canStop &= queue * fewer < (TtftSeconds - own) * DownShare;
        }

        return allMiss ? 1 : canStop ? -1 : 0;
    }

    /// <summary>
    /// One server more (1) if tokens come too slowly at all of them. One fewer (-1) if with it gone, the others would hold its sequences
    /// and generate tokens within a share of the target. Otherwise none (0).
    /// </summary>
    /// <param name="engines">The instances that decode.</param>
    internal int DecodeChange(IReadOnlyList<IInstanceView> engines)
    {
        double fewer = engines.Count / Math.Max(1, engines.Count - 1.0);
        bool allMiss = engines.Count > 0;
        bool canStop = engines.Count > 1;
        foreach (IInstanceView engine in engines)
        {
            allMiss &= Seconds(engine, 1) > TpotSeconds;
            canStop &= engine.CacheFillRatio * fewer < 1 && Seconds(engine, fewer) < TpotSeconds * DownShare;
        }

        return allMiss ? 1 : canStop ? -1 : 0;
    }

    private double Seconds(IInstanceView engine, double factor) => engine.Requests == 0
        ? 0
        : Decode.TokenSeconds((int)Math.Ceiling(engine.Requests * factor), (long)(engine.ContextTokens * factor));
}
