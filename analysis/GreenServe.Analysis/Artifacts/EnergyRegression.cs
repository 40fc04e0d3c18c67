using GreenServe.Analysis.Figures;
using GreenServe.Analysis.Figures.Drawing;
using GreenServe.Analysis.Statistics;
using GreenServe.Analysis.Tables;

namespace GreenServe.Analysis.Artifacts;

/// <summary>The energy of a request as e = a·in + b·out + c·in·out, for each model.</summary>
/// <remarks>Form: Wilkins, Keshav and Mortier (arXiv 2407.04014). Their coefficients hold without batching and without a KV cache.</remarks>
internal static class EnergyRegression
{
    private const string Metric = "joules_per_request";
    private static readonly string[] Groups = ["evidence", "system", "model"];

    internal static Artifact Artifact { get; } = new()
    {
        Name = "energy-regression",
        Title = "Energy of a request as a function of its lengths",
        Question = "How well does e = a·in + b·out + c·in·out describe the energy of a request?",
        Axes = ["input_tokens", "output_tokens", "model"],
        Derive = table => [Fits(table)],
        Draw = tables => Draw(tables[0], tables[1]),
    };

    private static FigureContent Draw(ResultTable table, ResultTable fits)
    {
        List<Series> series = [];
        IReadOnlyList<SeriesKey> keys = SeriesKey.All(fits, [.. Groups.Where(column => fits.Distinct(column).Count > 1)]);
        for (int row = 0; row < fits.Rows.Count; row++)
        {
            string name = keys[row].Name is { Length: > 0 } differing ? differing : fits.Text(row, "model")!;
            string quality = fits.Number(row, "r_squared") is { } rSquared ? $" (R² {Math.Floor(rSquared * 1e5) / 1e5:0.0####})" : " (no fit)";
            SeriesStyle style = new(Palette.Of(row), row, IsJoined: false);
            series.Add(new Series(name + quality, style, Points(table, fits, row)));
        }

        double[] all = [.. series.SelectMany(one => one.Points).SelectMany(point => new[] { point.X, point.Y }).Where(value => value > 0)];
        if (all.Length > 0)
        {
            series.Insert(0, new Series("fitted = observed", new SeriesStyle(FigureInk.Frame, IsDashed: true, HasMarkers: false), [new(all.Min(), all.Min()), new(all.Max(), all.Max())]));
        }

        return new FigureContent(
            [
                new LinePanel
                {
                    Title = "Fitted against observed energy per request",
                    X = new FigureAxis { Label = "observed (J)", Scale = AxisScale.Log10 },
                    Y = new FigureAxis { Label = "a·in + b·out + c·in·out (J)", Scale = AxisScale.Log10 },
                    Series = series,
                },
            ],
            Columns: 1,
            PanelHeight: 440,
            Note: "Coefficients with intervals stand in energy-regression-fit.csv. Points whose fit is negative cannot be shown on these axes.");
    }

    private static FigurePoint[] Points(ResultTable table, ResultTable fits, int fit) => fits.Number(fit, "a_joules_per_token") is null
        ? []
        : [.. Rows(table, fits, fit).Select(row => new FigurePoint(
            table.Number(row, Metric)!.Value,
            (fits.Number(fit, "a_joules_per_token")!.Value * In(table, row))
                + (fits.Number(fit, "b_joules_per_token")!.Value * Out(table, row))
                + (fits.Number(fit, "c_joules_per_token_squared")!.Value * In(table, row) * Out(table, row))))];

    private static ResultTable Fits(ResultTable table)
    {
        List<object?[]> rows = [];
        foreach (string?[] group in Enumerable.Range(0, table.Rows.Count)
            .Select(row => Groups.Select(column => table.Text(row, column)).ToArray()).DistinctBy(values => string.Join('\u001f', values)))
        {
            int[] points = [.. Usable(table).Where(row => Groups.Zip(group).All(pair => table.Text(row, pair.First) == pair.Second))];
            double[] observed = [.. points.Select(row => table.Number(row, Metric)!.Value)];
            LinearFit? fit = LinearFit.Of(
                [[.. points.Select(row => In(table, row))], [.. points.Select(row => Out(table, row))], [.. points.Select(row => In(table, row) * Out(table, row))]],
                observed);
            double? residual = fit is null ? null : observed.Zip(fit.Fitted).Max(pair => Math.Abs(pair.Second - pair.First) / pair.First);
            IEnumerable<object?> Coefficient(int index) =>
                [fit?.Coefficients[index], fit?.Coefficients[index] - fit?.HalfWidths?[index], fit?.Coefficients[index] + fit?.HalfWidths?[index]];
            rows.Add(
            [
                .. group, (double)points.Length, .. Coefficient(0), .. Coefficient(1), .. Coefficient(2),
                Finite(fit?.RSquared), Finite(fit?.UncentredRSquared), residual,
            ]);
        }

        IEnumerable<ResultColumn> Columns(string name) => [new(name, false), new($"{name}_low", false), new($"{name}_high", false)];
        return new ResultTable(
            "energy-regression-fit",
            [
                .. Groups.Select(group => new ResultColumn(group, true)), new("points", false),
                .. Columns("a_joules_per_token"), .. Columns("b_joules_per_token"), .. Columns("c_joules_per_token_squared"),
                new("r_squared", false), new("uncentred_r_squared", false), new("largest_relative_residual", false),
            ],
            rows);
    }

    private static IEnumerable<int> Rows(ResultTable table, ResultTable fits, int fit) =>
        Usable(table).Where(row => Groups.All(column => table.Text(row, column) == fits.Text(fit, column)));

    private static IEnumerable<int> Usable(ResultTable table) => Enumerable.Range(0, table.Rows.Count)
        .Where(row => table.Number(row, Metric) is > 0 && table.Number(row, "input_tokens") is not null && table.Number(row, "output_tokens") is not null);

    private static double In(ResultTable table, int row) => table.Number(row, "input_tokens")!.Value;

    private static double Out(ResultTable table, int row) => table.Number(row, "output_tokens")!.Value;

    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;
}
