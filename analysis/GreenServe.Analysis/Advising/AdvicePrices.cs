using GreenServe.Analysis.Attribution;
using GreenServe.Records;

namespace GreenServe.Analysis.Advising;

/// <summary>What energy and accelerators cost, as the user stated it.</summary>
public sealed record AdvicePrices
{
    /// <summary>Carbon and price of a kilowatt-hour; <c>null</c> where nothing was stated.</summary>
    public GridFactors? Grid { get; init; }

    /// <summary>
    /// Price of an accelerator for an hour; <c>null</c> where none was stated, which leaves accelerators out of the cost.
    /// </summary>
    public double? GpuHourPrice { get; init; }

    /// <summary>Whether a cost can be worked out.</summary>
    public bool HasCost => GpuHourPrice is not null || Grid?.PricePerKilowattHour is not null;

    /// <summary>Every reason why an objective cannot be worked out; empty if it can.</summary>
    /// <param name="objective">The objective.</param>
    public IEnumerable<Problem> ProblemsOf(AdviceObjective objective)
    {
        if (objective == AdviceObjective.Cost && !HasCost)
        {
            yield return new Problem("objective", "cost without a price", "the price of a kilowatt-hour or of an accelerator's hour");
        }

        if (objective == AdviceObjective.Carbon && Grid is null)
        {
            yield return new Problem("objective", "carbon without a carbon intensity", "the carbon intensity of the grid");
        }
    }

    /// <summary>Cost of an output token: accelerators by the hour, and electricity; <c>null</c> without a price.</summary>
    /// <param name="joulesPerOutputToken">Energy of the token (J).</param>
    /// <param name="outputTokensPerSecond">Output tokens per second of all accelerators together (tokens/s).</param>
    /// <param name="gpus">Accelerators that are paid for.</param>
    public double? CostOfToken(double joulesPerOutputToken, double outputTokensPerSecond, int gpus)
    {
        double? electricity = Grid?.Cost(joulesPerOutputToken);
        double? accelerators = GpuHourPrice * gpus / 3600 / outputTokensPerSecond;
        return HasCost ? (electricity ?? 0) + (accelerators ?? 0) : null;
    }

    /// <summary>Share of the cost of an output token that is electricity, in [0, 1]; <c>null</c> without a price.</summary>
    /// <param name="joulesPerOutputToken">Energy of the token (J).</param>
    /// <param name="outputTokensPerSecond">Output tokens per second of all accelerators together (tokens/s).</param>
    /// <param name="gpus">Accelerators that are paid for.</param>
    public double? ElectricityShare(double joulesPerOutputToken, double outputTokensPerSecond, int gpus) =>
        CostOfToken(joulesPerOutputToken, outputTokensPerSecond, gpus) is > 0 and var cost
            ? (Grid?.Cost(joulesPerOutputToken) ?? 0) / cost
            : null;
}
