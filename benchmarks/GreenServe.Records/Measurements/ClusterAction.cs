namespace GreenServe.Records.Measurements;

/// <summary>A decision of the policy that controls a simulated cluster; one row of <c>actions.csv</c>.</summary>
/// <param name="AtSeconds">Time of the decision, in seconds from the start of the run.</param>
/// <param name="Action">What was decided, in snake_case, for example <c>set_clock</c>.</param>
/// <param name="Server">Number of the server that it concerns; <c>null</c> for a decision about a request that no server has.</param>
/// <param name="Instance">Number of the instance that it concerns; <c>null</c> for a whole server.</param>
/// <param name="Setting">The new setting with its unit, for example <c>1200 MHz</c>; <c>null</c> for an action that has none.</param>
/// <param name="Reason">Why, in the words of the policy.</param>
/// <param name="EffectiveSeconds">
/// Time at which it took effect, in seconds from the start of the run; <c>null</c> if it was refused or the run ended before.
/// </param>
/// <param name="Refusal">Why it was refused; <c>null</c> if it was accepted.</param>
public sealed record ClusterAction(
    double AtSeconds,
    string Action,
    int? Server,
    int? Instance,
    string? Setting,
    string Reason,
    double? EffectiveSeconds,
    string? Refusal);
