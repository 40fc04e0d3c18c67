using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace GreenServe.Simulation.Engines;

/// <summary>
/// Speculative decoding as a rate. A draft proposes tokens and one step of the model checks them all. Each is accepted with the same
/// probability until one is refused. The simulation spreads the mean gain evenly over the steps and does not show bursts of tokens.
/// </summary>
public sealed record SpeculativeDecoding
{
    /// <summary>Number of tokens that the draft proposes before each check, from 1 to 64.</summary>
    [Range(1, 64)]
    public required int DraftTokens { get; init; }

    /// <summary>Probability, from 0 to 1, that a proposed token is accepted when those before it were.</summary>
    [Range(0, 1)]
    [JsonPropertyName("acceptance_rate")]
    public required double AcceptanceProbability { get; init; }

    /// <summary>Time and energy of proposing one token, as a share of a plain decode step, from 0 to 1.</summary>
    [Range(0, 1)]
    public required double DraftCostRatio { get; init; }

    /// <summary>Mean number of tokens from one check, including the model's own token: <c>1 + α + α² + … + α^k</c>.</summary>
    public double TokensPerStep
    {
        get
        {
            double sum = 1;
            double power = 1;
            for (int token = 0; token < DraftTokens; token++)
            {
                power *= AcceptanceProbability;
                sum += power;
            }

            return sum;
        }
    }
}
