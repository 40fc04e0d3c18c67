using GreenServe.Records.Grids;

namespace GreenServe.Analysis.Pricing;

/// <summary>What energy and accelerators cost, as the user stated it.</summary>
public sealed record TokenPrices
{
    /// <summary>Output tokens that costs and carbon are stated for.</summary>
    internal const double PricedTokens = 1e6;

    /// <summary>Carbon and price of a kilowatt-hour; <c>null</c> where nothing was stated.</summary>
    public GridFactors? Grid { get; init; }

    /// <summary>
    /// Price of an accelerator for an hour; <c>null</c> where none was stated, which leaves accelerators out of the cost.
    /// </summary>
    public double? GpuHourPrice { get; init; }

    /// <summary>Whether a cost can be worked out.</summary>
    public bool HasCost => GpuHourPrice is not null || Grid?.PricePerKilowattHour is not null;

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
