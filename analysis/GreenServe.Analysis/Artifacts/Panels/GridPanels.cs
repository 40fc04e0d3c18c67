using GreenServe.Analysis.Figures;
using GreenServe.Analysis.Grids;

namespace GreenServe.Analysis.Artifacts.Panels;

/// <summary>The panels of a grid whose axes nobody has chosen metrics for: latency, throughput, power, energy, and the SLO.</summary>
internal static class GridPanels
{
    /// <summary>Curves along an axis of numbers.</summary>
    /// <param name="panels">What makes the panels.</param>
    /// <param name="isAlone">Whether no other axis splits the curves, so that a panel has room for a second statistic.</param>
    internal static IReadOnlyList<Panel> Lines(PanelBuilder panels, bool isAlone) => isAlone
        ?
        [
            panels.Lines("TTFT", MetricColumns.TtftP50, MetricColumns.TtftP99),
            panels.Lines("TBT", MetricColumns.TbtMean, MetricColumns.TbtP99),
            panels.Lines("Throughput", MetricColumns.OutputTokensPerSecond),
            panels.Lines("Power of the GPUs used", MetricColumns.MeanWatts, MetricColumns.PeakWatts),
            panels.Lines("Energy per output token", MetricColumns.JoulesPerOutputToken),
            panels.Lines("Requests within the SLO", MetricColumns.SloAttainment),
        ]
        : OneStatistic((title, metric) => panels.Lines(title, metric), "Requests within the SLO");

    /// <summary>Bars at the names of an axis.</summary>
    /// <param name="panels">What makes the panels.</param>
    internal static IReadOnlyList<Panel> Bars(PanelBuilder panels) => OneStatistic(panels.Bars, "Share of requests within the SLO");

    private static IReadOnlyList<Panel> OneStatistic(Func<string, MetricColumn, Panel> draw, string attainment) =>
    [
        draw("TTFT, p99", MetricColumns.TtftP99),
        draw("TBT, mean", MetricColumns.TbtMean),
        draw("Throughput", MetricColumns.OutputTokensPerSecond),
        draw("Mean power of the GPUs used", MetricColumns.MeanWatts),
        draw("Energy per output token", MetricColumns.JoulesPerOutputToken),
        draw(attainment, MetricColumns.SloAttainment),
    ];
}
