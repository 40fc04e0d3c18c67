using GreenServe.Analysis.Figures;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Tables;

namespace GreenServe.Analysis.Artifacts.Panels;

/// <summary>
/// The energy of a whole run of a cluster for each completed request, part on part: what served, and what idle, unused and sleeping
/// accelerators and transitions took.
/// </summary>
internal static class RunEnergyParts
{
    private static readonly MetricColumn Total = MetricColumns.Of("run_joules_per_request");

    private static readonly (string Name, MetricColumn Metric)[] Parts =
    [
        ("serving", MetricColumns.Of("run_serving_joules_per_request")),
        ("idle", MetricColumns.Of("run_idle_joules_per_request")),
        ("unused", MetricColumns.Of("run_unused_joules_per_request")),
        ("transition", MetricColumns.Of("run_transition_joules_per_request")),
        ("asleep", MetricColumns.Of("run_sleep_joules_per_request")),
    ];

    /// <summary>What the parts are, for the note of a figure.</summary>
    internal const string Note =
        "Energy of the whole run, from the first request to the end of the last one. Idle: instances without work. Unused: accelerators "
        + "without an instance. Transition: starts, wake-ups, moves of weights and stalls for a clock. Hosts are not in it.";

    /// <summary>Bars of the parts at the places along x, one panel for each series.</summary>
    /// <param name="table">The table.</param>
    /// <param name="x">The axis along x, whose places have names.</param>
    /// <param name="keys">The series.</param>
    internal static IEnumerable<BarPanel> Panels(ResultTable table, GridAxis x, IReadOnlyList<SeriesKey> keys)
    {
        table.Require([x, Total.Mean, .. Parts.Select(part => part.Metric.Mean)]);
        return keys.Select(key => PanelOf(table, x, key)).Where(panel => panel.Series.Count > 0);
    }

    private static BarPanel PanelOf(ResultTable table, GridAxis x, SeriesKey key)
    {
        TableRow[] rows = [.. table.Rows.Where(key.Matches).Where(row => row[Total.Mean] is not null && row.Text(x) is not null)
            .OrderBy(row => row.Number(x) ?? KnownOrder.Rank(row.Text(x)!) ?? KnownOrder.Last)];
        List<Series> series = [];
        double[] tops = new double[rows.Length];
        (string Name, MetricColumn Metric)[] present = [.. Parts.Where(part => rows.Any(row => row[part.Metric.Mean] is > 0))];
        foreach ((int index, (string name, MetricColumn metric)) in present.Index())
        {
            List<FigurePoint> points = [];
            foreach ((int place, TableRow row) in rows.Index())
            {
                double joules = row[metric.Mean] ?? 0;
                bool isTop = index == present.Length - 1;
                points.Add(new FigurePoint(
                    place,
                    tops[place] + joules,
                    isTop ? row[Total.Low] : null,
                    isTop ? row[Total.High] : null,
                    Base: tops[place]));
                tops[place] += joules;
            }

            series.Add(new Series(name, new SeriesStyle(PhaseColors.Of(name)), points));
        }

        return new BarPanel
        {
            Title = key.Name.Length > 0 ? $"Energy of the run per request, {key.Name}" : "Energy of the run per request",
            X = new FigureAxis
            {
                Label = x.Legend,
                Scale = AxisScale.Category,
                Categories = [.. rows.Select(row => row.Text(x)!)],
                BreaksNames = x.HasLongNames,
            },
            Y = new FigureAxis { Label = EnergyLabel.Of("energy (J/request)", table), FromZero = true },
            Series = series,
            IsStacked = true,
            HasValues = false,
        };
    }
}
