using GreenServe.Analysis.Metrics;
using GreenServe.Analysis.Statistics;
using GreenServe.Records.Measurements;

namespace GreenServe.Analysis.Advising;

/// <summary>What an objective is worth in a run, and how it is named.</summary>
public static class ObjectiveNumbers
{
    /// <summary>Difference of the objective, as a share, below which two settings count as equal.</summary>
    public const double EqualShare = EqualMeans.Share;

    /// <summary>Output tokens that costs and carbon are stated for.</summary>
    internal const double PricedTokens = 1e6;

    /// <summary>What the objective has to be least of, for one run, in the unit of <see cref="UnitOf"/>.</summary>
    /// <param name="objective">The objective.</param>
    /// <param name="run">The run.</param>
    /// <param name="gpus">Accelerators of the setting.</param>
    /// <param name="prices">What energy and accelerators cost.</param>
    /// <returns><c>null</c> where the run does not tell it, or no price was stated.</returns>
    public static double? ValueOf(AdviceObjective objective, RunMetrics run, int gpus, AdvicePrices prices) => objective switch
    {
        AdviceObjective.Power => run.Energy.MeanWatts.Value,
        AdviceObjective.Cost => CostPerMillionTokens(run, gpus, prices),
        AdviceObjective.Carbon => GramsPerMillionTokens(run, prices),
        _ => run.JoulesPerOutputToken.Value,
    };

    /// <summary>The unit of an objective, for example <c>J per output token</c>.</summary>
    /// <param name="objective">The objective.</param>
    /// <param name="currency">The currency of costs; <c>null</c> where none was stated.</param>
    public static string UnitOf(AdviceObjective objective, string? currency = null) => objective switch
    {
        AdviceObjective.Power => "W",
        AdviceObjective.Cost => $"{currency ?? "units of the stated price"} per million output tokens",
        AdviceObjective.Carbon => "gCO2e per million output tokens",
        _ => "J per output token",
    };

    /// <summary>What an objective is about, for example <c>energy per output token</c>.</summary>
    /// <param name="objective">The objective.</param>
    public static string NameOf(AdviceObjective objective) => objective switch
    {
        AdviceObjective.Power => "mean power",
        AdviceObjective.Cost => "cost per output token",
        AdviceObjective.Carbon => "carbon per output token",
        _ => "energy per output token",
    };

    /// <summary>What a simulated objective may be off by; <c>null</c> where nothing tells it.</summary>
    /// <param name="objective">The objective.</param>
    /// <param name="bands">The bands of the run.</param>
    public static ErrorBand? BandOf(AdviceObjective objective, ErrorBands? bands) =>
        objective == AdviceObjective.Power ? bands?.Watts : bands?.JoulesPerToken;

    /// <summary>Cost of a million output tokens; <c>null</c> without a price, or where the run does not tell its energy.</summary>
    internal static double? CostPerMillionTokens(RunMetrics run, int gpus, AdvicePrices prices) =>
        run.JoulesPerOutputToken.Value is { } joules && run.OutputTokensPerSecond.Value is > 0 and var rate
            ? PricedTokens * prices.CostOfToken(joules, rate, gpus)
            : null;

    /// <summary>Carbon of a million output tokens (gCO2e); <c>null</c> without a carbon intensity, or without energy.</summary>
    internal static double? GramsPerMillionTokens(RunMetrics run, AdvicePrices prices) =>
        run.JoulesPerOutputToken.Value is { } joules ? prices.Grid?.Grams(PricedTokens * joules) : null;
}
