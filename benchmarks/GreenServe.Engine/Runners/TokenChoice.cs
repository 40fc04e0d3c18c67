namespace GreenServe.Engine.Runners;

/// <summary>How the next token of a sequence is chosen from the model's scores.</summary>
/// <param name="Temperature">Softmax temperature, at least 0; 0 takes the likeliest token.</param>
/// <param name="TopP">Share of probability to sample from, in (0, 1].</param>
/// <param name="Uniform">
/// The random number in [0, 1) that picks the token: made by the caller from the request's seed and the token's index, so that a
/// request samples the same tokens whatever runs beside it.
/// </param>
/// <param name="Forbidden">Token ids that must not be chosen; empty for none.</param>
public readonly record struct TokenChoice(double Temperature, double TopP, double Uniform, ReadOnlyMemory<int> Forbidden)
{
    /// <summary>The likeliest token.</summary>
    public static TokenChoice Greedy { get; } = new(0, 1, 0, default);

    /// <summary>Whether the likeliest token is taken.</summary>
    public bool IsGreedy => Temperature <= 0;
}
