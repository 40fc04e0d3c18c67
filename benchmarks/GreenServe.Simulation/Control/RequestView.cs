using GreenServe.Records.Requests;

namespace GreenServe.Simulation.Control;

/// <summary>A request as a policy sees it.</summary>
/// <param name="Id">Number of the request in the schedule, from 0.</param>
/// <param name="ArrivedSeconds">Time at which it reached the cluster, in seconds from the start of the run.</param>
/// <param name="InputTokens">Length of its prompt, in tokens.</param>
/// <param name="PredictedClass">
/// Class of the request. Its first letter follows from the length of the prompt, and its second letter is what
/// <see cref="IClusterPolicy.Predictor"/> predicts of the output.
/// </param>
/// <param name="PredictedOutputTokens">A typical output length of the predicted class, in tokens.</param>
/// <param name="Priority">Name of its priority; <c>null</c> where the workload states none.</param>
/// <param name="Adapter">Number of the adapter that it needs, from 0; <c>null</c> for the model alone.</param>
/// <param name="HasFirstToken">Whether its prompt has been processed, so that it only needs an instance that decodes it.</param>
public readonly record struct RequestView(
    long Id,
    double ArrivedSeconds,
    int InputTokens,
    RequestClass PredictedClass,
    int PredictedOutputTokens,
    string? Priority,
    int? Adapter,
    bool HasFirstToken);

/// <summary>Something that happened to a request.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Request">The request.</param>
/// <param name="Instance">Number of the instance at which it happened.</param>
/// <param name="TtftSeconds">Time from the arrival to the first token, in seconds.</param>
/// <param name="TpotSeconds">
/// Mean time between its tokens, in seconds; <c>null</c> for a first token and for a request of one token.
/// </param>
/// <param name="OutputTokens">Number of tokens that it has got.</param>
public readonly record struct RequestEvent(
    RequestEventKind Kind, RequestView Request, int Instance, double TtftSeconds, double? TpotSeconds, int OutputTokens);

/// <summary>What can happen to a request that a policy hears of.</summary>
public enum RequestEventKind
{
    /// <summary>The request got its first token.</summary>
    FirstToken,

    /// <summary>The request got its last token.</summary>
    Completed,
}
