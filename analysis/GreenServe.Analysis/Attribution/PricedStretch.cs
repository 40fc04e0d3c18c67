using GreenServe.Analysis.Metrics;
using GreenServe.Analysis.Metrics.Steps;
using GreenServe.Analysis.Pricing;
using GreenServe.Records.Grids;
using GreenServe.Records.Runs;

namespace GreenServe.Analysis.Attribution;

/// <summary>What a kilowatt-hour of a stretch of a run emitted and cost.</summary>
/// <param name="Grid">The grid.</param>
/// <param name="Factors">Its means over the stretch; <c>null</c> where they are not known.</param>
/// <param name="Source">Source and date of the factors, or why they are not known.</param>
internal sealed record PricedStretch(GridCourse Grid, GridFactors? Factors, string Source)
{
    /// <summary>Prices a stretch; <c>null</c> where no grid was stated.</summary>
    /// <param name="prices">What the user stated.</param>
    /// <param name="record">The record of the run.</param>
    /// <param name="steps">What its steps tell.</param>
    /// <param name="stretch">Beginning and end of the stretch (s); <c>null</c> for none.</param>
    internal static PricedStretch? Of(PriceList? prices, RunRecord record, StepWindow steps, (double From, double To)? stretch)
    {
        if (prices?.Grid is not { } grid)
        {
            return null;
        }

        if (stretch is not { } known)
        {
            return new PricedStretch(grid, null, "not known: no energy was measured");
        }

        GridMeans means = RunCosts.MeansOf(grid, prices, record, steps, known.From, known.To);
        string mean = grid.IsConstant ? "" : ", mean of the stretch by energy";
        return new PricedStretch(
            grid,
            grid.FactorsOf(means),
            means.CarbonNotKnown is { } reason ? $"not known: {reason}" : grid.Provenance + mean);
    }
}
