using GreenServe.Simulation.Capacity;
using GreenServe.Simulation.Control;

namespace GreenServe.Simulation.Policies.DynamoLlm;

/// <summary>The work of an instance, from which its times and energies at any clock are predicted.</summary>
/// <param name="Prompts">Number of requests whose prompt is not processed.</param>
/// <param name="PromptTokens">Tokens of these prompts.</param>
/// <param name="Decoding">Number of requests that decode.</param>
/// <param name="ContextTokens">Tokens in their contexts.</param>
/// <param name="RemainingTokens">Tokens that the longest of its requests is expected still to get.</param>
/// <param name="SlackSeconds">Time until the first of its prompts must be processed, in seconds.</param>
internal readonly record struct InstanceLoad(
    int Prompts, long PromptTokens, int Decoding, long ContextTokens, double RemainingTokens, double SlackSeconds)
{
    /// <summary>The work of an instance now.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="ttftSeconds">Limit on the time to first token of its requests, in seconds.</param>
    /// <param name="nowSeconds">The present time, in seconds from the start of the run.</param>
    internal static InstanceLoad Of(IInstanceView instance, double ttftSeconds, double nowSeconds)
    {
        int prompts = instance.PromptRequests;
        int decoding = instance.DecodingRequests;
        long promptTokens = instance.PromptTokens;
        long context = instance.ContextTokens;
        long ahead = instance.PredictedTokens - context - promptTokens;

        // Requests are on average halfway through their outputs, so that the longest rest is about twice the mean rest.
        double remaining = prompts + decoding == 0 ? 0 : Math.Max(1, 2.0 * ahead / (prompts + decoding));
        double slack = instance.OldestArrivalSeconds is { } oldest ? oldest + ttftSeconds - nowSeconds : double.PositiveInfinity;
        return new InstanceLoad(prompts, promptTokens, decoding, context, remaining, slack);
    }

    /// <summary>The work with one request more.</summary>
    /// <param name="request">The request.</param>
    /// <param name="slackSeconds">Time until its prompt must be processed, in seconds.</param>
    internal InstanceLoad With(in RequestView request, double slackSeconds) => new(
        Prompts + 1,
        PromptTokens + request.InputTokens,
        Decoding,
        ContextTokens,
        Math.Max(RemainingTokens, request.PredictedOutputTokens),
        Math.Min(SlackSeconds, slackSeconds));

    /// <summary>Number of sequences once all prompts are processed.</summary>
    private int Sequences => Prompts + Decoding;

    private int MeanPromptTokens => Prompts == 0 ? 0 : (int)(PromptTokens / Prompts);

    /// <summary>Whether tokens come in time, and the prompts are processed before the first of them must be.</summary>
    /// <param name="steps">Times of steps at the clock in question.</param>
    /// <param name="tokenSeconds">Limit on the time between tokens, in seconds.</param>
    internal bool IsInTime(StepTable steps, double tokenSeconds)
    {
        double decode = steps.DecodeSeconds(Sequences, ContextTokens + PromptTokens);
        return decode <= tokenSeconds && (Prompts * steps.PrefillSeconds(MeanPromptTokens)) + decode <= SlackSeconds;
    }

    /// <summary>Energy of finishing the work, in joules: every prompt, and steps until the longest request has ended.</summary>
    /// <param name="steps">Energies of steps at the clock in question.</param>
    internal double Joules(StepTable steps) =>
        (Prompts * steps.PrefillJoules(MeanPromptTokens)) + (RemainingTokens * steps.DecodeJoules(Sequences, ContextTokens + PromptTokens));
}
