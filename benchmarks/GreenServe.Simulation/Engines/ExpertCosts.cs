using System.ComponentModel.DataAnnotations;

namespace GreenServe.Simulation.Engines;

/// <summary>What an engine's mixtures of experts cost beyond dense products with as many weights. The defaults add nothing.</summary>
public sealed record ExpertCosts
{
    /// <summary>
    /// Share of the efficiency of dense products, in (0, 1], that the products of experts reach, in compute and in bandwidth: each expert
    /// gets few rows, and a kernel waits for the expert with the most.
    /// </summary>
    /// <value>Default 1.</value>
    [Range(0, 1, MinimumIsExclusive = true)]
    public double EfficiencyShare { get; init; } = 1;

    /// <summary>
    /// Time that each layer of experts adds to a step, in seconds, from 0 to 1: choosing experts, sorting tokens by expert, and adding up
    /// the results.
    /// </summary>
    /// <value>Default 0.</value>
    [Range(0, 1)]
    public double LayerSeconds { get; init; }

    /// <summary>
    /// Exponent <c>x</c>, in (0, 1], of the number of independent choices that <c>n</c> tokens amount to. Tokens of like texts choose like
    /// experts, so that <c>n</c> tokens read <c>E·(1 - (1 - k/E)^(n^x))</c> of <c>E</c> experts, where each token chooses <c>k</c>. With 1
    /// tokens choose independently.
    /// </summary>
    /// <value>Default 1.</value>
    [Range(0, 1, MinimumIsExclusive = true)]
    public double ChoiceExponent { get; init; } = 1;
}
