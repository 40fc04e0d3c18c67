using GreenServe.Analysis.Answers;
using GreenServe.Analysis.Formatting;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Tables;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Measurements;

namespace GreenServe.Analysis.Reports;

/// <summary>What the simulated numbers of a report may be off by, in a sentence. Not escaped.</summary>
internal static class TrustText
{
    private static readonly (string Name, MetricColumn Metric)[] Shown =
    [
        ("TTFT", MetricColumns.TtftP50), ("TBT", MetricColumns.TbtMean), ("throughput", MetricColumns.OutputTokensPerSecond),
        ("power", MetricColumns.MeanWatts), ("energy per token", MetricColumns.JoulesPerOutputToken),
    ];

    /// <summary>The finding; <c>null</c> where no table holds simulated numbers with their bands.</summary>
    /// <param name="tables">The tables of the report.</param>
    internal static Headline? Of(IEnumerable<ResultTable> tables)
    {
        string simulated = EnumText.Of(EvidenceKind.Simulated);
        (ResultTable Table, TableRow Row)[] rows =
        [
            .. tables.Where(table => table.Has(StandardColumns.Evidence) && table.Has(StandardColumns.Extrapolated))
                .SelectMany(table => table.Rows.Where(row => row[StandardColumns.Evidence] == simulated).Select(row => (table, row))),
        ];
        string[] widest =
        [
            .. from shown in Shown
               let band = Widest(shown.Metric, rows)
               where band is not null
               select $"{shown.Name} {BandText.Of(band)}",
        ];
        if (widest.Length == 0)
        {
            return null;
        }

        string?[] reasons = [.. rows.Select(item => item.Row[StandardColumns.Extrapolated]).Where(reason => reason is not null)];
        string extrapolated = reasons.Length == 0
            ? "All of them lie within what was validated."
            : $"{reasons.Length} of {rows.Length} points are extrapolated; the column extrapolated says why.";
        return new Headline(
            simulated, $"80 % of measurements would lie within these bands of the simulated numbers, at the widest: "
                + $"{string.Join("; ", widest)}. {extrapolated}");
    }

    /// <summary>The band with the largest ratio of its ends; <c>null</c> where no row has one.</summary>
    private static ErrorBand? Widest(MetricColumn metric, (ResultTable Table, TableRow Row)[] rows) => rows
        .Select(item => (Mean: item.Table.Has(metric.Mean) ? item.Row[metric.Mean] : null, Band: metric.BandOf(item.Row, item.Table)))
        .Where(item => item is { Mean: > 0, Band: { Low: > 0, High: > 0 } })
        .Select(item => new ErrorBand
        {
            LowFactor = item.Band.Low!.Value / item.Mean!.Value,
            HighFactor = item.Band.High!.Value / item.Mean.Value,
        })
        .MaxBy(band => band.HighFactor / band.LowFactor);
}
