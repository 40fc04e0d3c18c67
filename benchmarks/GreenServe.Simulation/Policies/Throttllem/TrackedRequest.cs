namespace GreenServe.Simulation.Policies.Throttllem;

/// <summary>A request that an instance has.</summary>
/// <param name="Id">Number of the request.</param>
/// <param name="Tokens">Tokens of its prompt.</param>
/// <param name="BeginCount">Number of the iteration in which it began, counted by the instance from the start of the run.</param>
/// <param name="OutputTokens">Predicted tokens of its output.</param>
/// <param name="DeadlineSeconds">Time by which it must have ended, in seconds from the start of the run.</param>
internal readonly record struct TrackedRequest(long Id, int Tokens, double BeginCount, int OutputTokens, double DeadlineSeconds)
{
    /// <summary>Number of the iteration in which it is predicted to end.</summary>
    internal double EndCount => BeginCount + OutputTokens;
}
