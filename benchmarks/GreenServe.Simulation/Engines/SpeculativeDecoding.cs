using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace GreenServe.Simulation.Engines;

/// <summary>
/// Speculative decoding as a rate: a draft proposes tokens, one step of the model checks them all, and each is accepted with the same
/// probability until the first is not. The simulation spreads the mean gain evenly over the steps; bursts of tokens do not show.
/// </summary>
public sealed record SpeculativeDecoding
{
    /// <summary>Tokens proposed before each check.</summary>
    [Description("Tokens proposed before each check.")]
    [Range(1, 64)]
    public required int DraftTokens { get; init; }

    /// <summary>Probability that a proposed token is accepted when those before it were.</summary>
    [Description("Probability that a proposed token is accepted when those before it were.")]
    [Range(0, 1)]
    public required double AcceptanceRate { get; init; }

    /// <summary>Cost of proposing one token, as a share of a plain decode step, in time and in energy.</summary>
    [Description("Cost of proposing one token, as a share of a plain decode step.")]
    [Range(0, 1)]
    public required double DraftCostRatio { get; init; }

    /// <summary>Mean tokens gained by one check, the model's own included: <c>1 + α + α² + .. + α^k</c>.</summary>
    public double TokensPerStep
    {
        get
        {
            double sum = 1;
            double power = 1;
            for (int token = 0; token < DraftTokens; token++)
            {
                power *= AcceptanceRate;
                sum += power;
            }

            return sum;
        }
    }
}
