using GreenServe.Analysis.Metrics.Steps;
using GreenServe.Analysis.Pricing;
using GreenServe.Records.Grids;
using GreenServe.Records.Runs;

namespace GreenServe.Analysis.Metrics;

/// <summary>What the steady window of a run emitted and cost.</summary>
internal sealed record RunCosts
{
    /// <summary>What it was priced by.</summary>
    internal required PriceList Prices { get; init; }

    /// <summary>Carbon intensity of the grid during the window, weighted by the energy used at each time (gCO2e/kWh).</summary>
    internal required Reading GramsPerKilowattHour { get; init; }

    /// <summary>Carbon of a million output tokens (gCO2e).</summary>
    internal required Reading GramsPerMillionTokens { get; init; }

    /// <summary>Cost of a million output tokens, in the currency of the prices.</summary>
    internal required Reading CostPerMillionTokens { get; init; }

    /// <summary>Prices a run.</summary>
    /// <param name="prices">What it is priced by.</param>
    /// <param name="record">Its record.</param>
    /// <param name="run">What was computed from the record.</param>
    internal static RunCosts Of(PriceList prices, RunRecord record, RunMetrics run)
    {
        GridMeans? means = run.Window is { } window && prices.Grid is { } grid
            ? MeansOf(grid, prices, record, run.Steps, window.StartSeconds, window.EndSeconds)
            : null;
        GridFactors? factors = means is null ? null : prices.Grid!.FactorsOf(means);
        string? noCarbon = prices.Grid is null ? "no carbon intensity was stated" : means?.CarbonNotKnown ?? run.NoWindowReason;
        Reading joules = run.JoulesPerOutputToken;
        return new RunCosts
        {
            Prices = prices,
            GramsPerKilowattHour = Reading.From(means?.GramsPerKilowattHour, noCarbon ?? ""),
            GramsPerMillionTokens = factors is null || joules.Value is not { } energy
                ? Reading.Missing(noCarbon ?? joules.NotMeasured!)
                : Reading.Of(
                    factors.Grams(TokenPrices.PricedTokens * energy),
                    joules.ErrorBound is { } bound ? factors.Grams(TokenPrices.PricedTokens * bound) : null),
            CostPerMillionTokens = CostOf(prices, run, factors, means),
        };
    }

    /// <summary>Means of the grid over a stretch of a run, weighted by the energy that it used at each time.</summary>
    /// <param name="grid">The grid.</param>
    /// <param name="prices">The start of runs in virtual time.</param>
    /// <param name="record">The record of the run.</param>
    /// <param name="steps">What its steps tell.</param>
    /// <param name="fromSeconds">Beginning of the stretch (s).</param>
    /// <param name="toSeconds">End of the stretch (s).</param>
    internal static GridMeans MeansOf(
        GridCourse grid, PriceList prices, RunRecord record, StepWindow steps, double fromSeconds, double toSeconds) => grid.Over(
        record.Manifest.StartedAt ?? prices.VirtualStart, fromSeconds, toSeconds,
        instants => EnergyAccount.Timeline(record, steps, instants, (fromSeconds, toSeconds)));

    private static Reading CostOf(PriceList prices, RunMetrics run, GridFactors? factors, GridMeans? means)
    {
        if (!prices.HasCost)
        {
            return Reading.Missing("no price was stated");
        }

        if (run.JoulesPerOutputToken.Value is not { } joules)
        {
            return run.JoulesPerOutputToken;
        }

        if (prices.Grid is { HasPrice: true } && factors?.PricePerKilowattHour is null)
        {
            return Reading.Missing(means?.PriceNotKnown ?? means?.CarbonNotKnown ?? run.NoWindowReason!);
        }

        if (prices.GpuHourPrice is not null && run.GpusUsed.Value is null)
        {
            return run.GpusUsed;
        }

        TokenPrices token = new() { Grid = factors, GpuHourPrice = prices.GpuHourPrice };
        int gpus = (int)(run.GpusUsed.Value ?? 0);
        return run.OutputTokensPerSecond.Value is > 0 and var rate
            ? Reading.From(TokenPrices.PricedTokens * token.CostOfToken(joules, rate, gpus), "no price was stated")
            : Reading.Missing(run.OutputTokensPerSecond.NotMeasured ?? "no output token was delivered in the window");
    }
}
