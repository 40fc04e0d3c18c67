using GreenServe.Analysis.Tables;
using GreenServe.Records.Measurements;

namespace GreenServe.Analysis.Grids;

/// <summary>A number with everything that says how sure it is, all in its own unit.</summary>
/// <param name="Mean">Mean over the valid repetitions; <c>null</c> where it was not measured.</param>
/// <param name="Low">Lower end of its 95 % interval between runs; <c>null</c> for one run.</param>
/// <param name="High">Upper end of its 95 % interval between runs; <c>null</c> for one run.</param>
/// <param name="BandLow">Lower end of what a simulated mean may be off by; <c>null</c> where nothing tells it.</param>
/// <param name="BandHigh">Upper end of what a simulated mean may be off by; <c>null</c> where nothing tells it.</param>
internal readonly record struct MetricValue(double? Mean, double? Low, double? High, double? BandLow, double? BandHigh)
{
    /// <summary>Half the width of the interval as a share of the mean; <c>null</c> where one of them is not known.</summary>
    internal double? HalfWidthRatio => Mean is > 0 ? (High - Low) / 2 / Mean : null;

    /// <summary>What the simulated mean may be off by, as factors; <c>null</c> where nothing tells it.</summary>
    internal ErrorBand? Band => Mean is > 0 && BandLow is { } low && BandHigh is { } high
        ? new ErrorBand { LowFactor = low / Mean.Value, HighFactor = high / Mean.Value }
        : null;

    /// <summary>The columns of a metric in a table whose rows have such a number.</summary>
    /// <param name="metric">The metric.</param>
    /// <param name="read">Takes the number from a row; <c>null</c> where there is none.</param>
    internal static IEnumerable<Column<TRow>> ColumnsOf<TRow>(MetricColumn metric, Func<TRow, MetricValue?> read) =>
    [
        metric.Mean.From<TRow>(row => read(row)?.Mean),
        metric.Low.From<TRow>(row => read(row)?.Low),
        metric.High.From<TRow>(row => read(row)?.High),
        .. metric.BandLow is { } low ? [low.From<TRow>(row => read(row)?.BandLow)] : Array.Empty<Column<TRow>>(),
        .. metric.BandHigh is { } high ? [high.From<TRow>(row => read(row)?.BandHigh)] : Array.Empty<Column<TRow>>(),
    ];
}
