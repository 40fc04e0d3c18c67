using GreenServe.Analysis.Metrics;
using GreenServe.Analysis.Pricing;
using GreenServe.Analysis.Statistics;
using GreenServe.Records;
using GreenServe.Records.Measurements;

namespace GreenServe.Analysis.Advising;

/// <summary>What an objective is worth in a run, and how it is named.</summary>
public static class ObjectiveNumbers
{
    /// <summary>Difference of the objective, as a share, below which two settings count as equal.</summary>
    public const double EqualShare = EqualMeans.Share;

    /// <summary>What the objective has to be least of, for one run, in the unit of <see cref="UnitOf"/>.</summary>
    /// <param name="objective">The objective.</param>
    /// <param name="run">The run.</param>
    /// <param name="gpus">Accelerators of the setting.</param>
    /// <param name="prices">What energy and accelerators cost.</param>
    /// <returns><c>null</c> where the run does not tell it, or no price was stated.</returns>
    public static double? ValueOf(AdviceObjective objective, RunMetrics run, int gpus, TokenPrices prices) => objective switch
    {
        AdviceObjective.Power => run.Energy.MeanWatts.Value,
        AdviceObjective.Cost => CostPerMillionTokens(run, gpus, prices),
        AdviceObjective.Carbon => GramsPerMillionTokens(run, prices),
        _ => run.JoulesPerOutputToken.Value,
    };

    /// <summary>Every reason why an objective cannot be worked out from some prices; empty if it can.</summary>
    /// <param name="objective">The objective.</param>
    /// <param name="prices">What energy and accelerators cost.</param>
    public static IEnumerable<Problem> ProblemsOf(AdviceObjective objective, TokenPrices prices)
    {
        if (objective == AdviceObjective.Cost && !prices.HasCost)
        {
            yield return new Problem("objective", "cost without a price", "the price of a kilowatt-hour or of an accelerator's hour");
        }

        if (objective == AdviceObjective.Carbon && prices.Grid is null)
        {
            yield return new Problem("objective", "carbon without a carbon intensity", "the carbon intensity of the grid");
        }
    }

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
    internal static double? CostPerMillionTokens(RunMetrics run, int gpus, TokenPrices prices) =>
        run.JoulesPerOutputToken.Value is { } joules && run.OutputTokensPerSecond.Value is > 0 and var rate
            ? TokenPrices.PricedTokens * prices.CostOfToken(joules, rate, gpus)
            : null;

    /// <summary>Carbon of a million output tokens (gCO2e); <c>null</c> without a carbon intensity, or without energy.</summary>
    internal static double? GramsPerMillionTokens(RunMetrics run, TokenPrices prices) =>
        run.JoulesPerOutputToken.Value is { } joules ? prices.Grid?.Grams(TokenPrices.PricedTokens * joules) : null;
}
