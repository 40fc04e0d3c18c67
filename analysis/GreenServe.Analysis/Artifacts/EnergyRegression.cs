using GreenServe.Analysis.Artifacts.Panels;
using GreenServe.Analysis.Figures;
using GreenServe.Analysis.Figures.Drawing;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Statistics;
using GreenServe.Analysis.Tables;

namespace GreenServe.Analysis.Artifacts;

/// <summary>The energy of a request as e = a·in + b·out + c·in·out, for each model.</summary>
/// <remarks>
/// The form is that of Wilkins, Keshav and Mortier (arXiv 2407.04014). Their coefficients hold without batching and without a KV cache.
/// </remarks>
internal static class EnergyRegression
{
    private static readonly TextColumn[] Groups = [StandardColumns.Evidence, StandardColumns.System, StandardColumns.Model];

    private static readonly Table<EnergyFit> FitTable = new("energy-regression-fit",
    [
        .. Groups.Select(group => group.From<EnergyFit>(row => row.Group[group])),
        new NumberColumn("points").From<EnergyFit>(row => row.Requests.Count),
        .. Coefficient("a_joules_per_token", row => row.JoulesPerInputToken),
        .. Coefficient("b_joules_per_token", row => row.JoulesPerOutputToken),
        .. Coefficient("c_joules_per_token_squared", row => row.JoulesPerTokenPair),
        new NumberColumn("r_squared").From<EnergyFit>(row => row.RSquared),
        new NumberColumn("uncentred_r_squared").From<EnergyFit>(row => row.UncentredRSquared),
        new NumberColumn("largest_relative_residual").From<EnergyFit>(row => row.MaxResidualRatio),
    ]);

    internal static Artifact Artifact { get; } = new()
    {
        Name = "energy-regression",
        Title = "Energy of a request as a function of its lengths",
        Question = "How well does e = a·in + b·out + c·in·out describe the energy of a request?",
        Axes = [GridAxes.InputTokens, GridAxes.OutputTokens, GridAxes.Model],
        Derive = table => [FitTable.Of(Fits(table))],
        Draw = table => Draw(Fits(table)),
    };

    private static FigureContent Draw(IReadOnlyList<EnergyFit> fits)
    {
        ResultTable table = FitTable.Of(fits);
        IReadOnlyList<SeriesKey> keys = SeriesKey.All(table, [.. Groups.Where(column => table.Distinct(column).Count > 1)]);
        List<Series> series = [.. fits.Index().Select(pair => SeriesOf(pair.Item, keys[pair.Index].Name, pair.Index))];
        double[] all = [.. series.SelectMany(one => one.Points).SelectMany(point => new[] { point.X, point.Y }).Where(value => value > 0)];
        if (all.Length > 0)
        {
            FigurePoint[] diagonal = [new(all.Min(), all.Min()), new(all.Max(), all.Max())];
            series.Insert(0, new Series(
                "fitted = observed", new SeriesStyle(FigureInk.Frame, IsDashed: true, HasMarkers: false), diagonal));
        }

        return new FigureContent(
            [
                new LinePanel
                {
                    Title = "Fitted against observed energy per request",
                    X = new FigureAxis { Label = EnergyLabel.Of("observed (J)", table), Scale = AxisScale.Log10 },
                    Y = new FigureAxis { Label = "a·in + b·out + c·in·out (J)", Scale = AxisScale.Log10 },
                    Series = series,
                },
            ],
            Columns: 1,
            PanelHeight: 440,
            Note: "Coefficients with intervals stand in energy-regression-fit.csv. "
                + "Points whose fit is negative cannot be shown on these axes.");
    }

    private static Series SeriesOf(EnergyFit fit, string differing, int index)
    {
        string name = differing.Length > 0 ? differing : fit.Group[StandardColumns.Model]!;

        // Rounded down, so that a fit that is not perfect never reads 1.
        string quality = fit.RSquared is { } rSquared ? $" (R² {Math.Floor(rSquared * 1e5) / 1e5:0.0####})" : " (no fit)";
        return new Series(
            name + quality,
            new SeriesStyle(Palette.Of(index), index, IsJoined: false),
            [
                .. fit.Requests.Where(_ => fit.Fit is not null)
                    .Select(request => new FigurePoint(request.Joules, fit.FittedJoules(request))),
            ]);
    }

    private static IReadOnlyList<EnergyFit> Fits(ResultTable table)
    {
        table.Require([.. Groups, GridAxes.InputTokens, GridAxes.OutputTokens, MetricColumns.JoulesPerRequest.Mean]);
        return [.. table.Rows.GroupBy(row => string.Join('\u001f', Groups.Select(column => row[column])))
            .Select(group => EnergyFit.Of(
                Groups.ToDictionary(column => column, column => group.First()[column]),
                [.. group.Select(RequestEnergy.Of).OfType<RequestEnergy>()]))];
    }

    private static IEnumerable<Column<EnergyFit>> Coefficient(string name, Func<EnergyFit, FitCoefficient?> read) =>
    [
        new NumberColumn(name).From<EnergyFit>(row => read(row)?.Value),
        new NumberColumn($"{name}_low").From<EnergyFit>(row => read(row)?.Low),
        new NumberColumn($"{name}_high").From<EnergyFit>(row => read(row)?.High),
    ];
}

/// <summary>The mean energy of a request of given lengths.</summary>
/// <param name="InputTokens">Tokens of the prompt.</param>
/// <param name="OutputTokens">Tokens of the answer.</param>
/// <param name="Joules">Energy (J); greater than 0.</param>
internal sealed record RequestEnergy(double InputTokens, double OutputTokens, double Joules)
{
    /// <summary>Converts a row of the grid to lengths and energy; <c>null</c> where one of them is missing.</summary>
    internal static RequestEnergy? Of(TableRow row)
    {
        (double? input, double? output) = (row.Number(GridAxes.InputTokens), row.Number(GridAxes.OutputTokens));
        double? joules = row[MetricColumns.JoulesPerRequest.Mean];
        return input is null || output is null || joules is not > 0 ? null : new RequestEnergy(input.Value, output.Value, joules.Value);
    }
}

/// <summary>A fitted coefficient with its 95 % interval.</summary>
/// <param name="Value">The coefficient.</param>
/// <param name="HalfWidth">Half the width of its interval; <c>null</c> without points to spare.</param>
internal sealed record FitCoefficient(double Value, double? HalfWidth)
{
    internal double? Low => Value - HalfWidth;

    internal double? High => Value + HalfWidth;
}

/// <summary>The fit of e = a·in + b·out + c·in·out to the requests of one evidence kind, system and model.</summary>
/// <param name="Group">Evidence kind, system and model.</param>
/// <param name="Requests">What was fitted.</param>
/// <param name="Fit">The fit; <c>null</c> where there are too few requests, or their lengths depend on each other.</param>
internal sealed record EnergyFit(IReadOnlyDictionary<TextColumn, string?> Group, IReadOnlyList<RequestEnergy> Requests, LinearFit? Fit)
{
    // The order of the regressors in the fit.
    private const int InputPlace = 0;
    private const int OutputPlace = 1;
    private const int BothPlace = 2;

    internal static EnergyFit Of(IReadOnlyDictionary<TextColumn, string?> group, IReadOnlyList<RequestEnergy> requests) => new(
        group,
        requests,
        LinearFit.Of(
            [
                [.. requests.Select(request => request.InputTokens)],
                [.. requests.Select(request => request.OutputTokens)],
                [.. requests.Select(request => request.InputTokens * request.OutputTokens)],
            ],
            [.. requests.Select(request => request.Joules)]));

    /// <summary>Joules of a prompt token.</summary>
    internal FitCoefficient? JoulesPerInputToken => Coefficient(InputPlace);

    /// <summary>Joules of a token of the answer.</summary>
    internal FitCoefficient? JoulesPerOutputToken => Coefficient(OutputPlace);

    /// <summary>Joules of each pair of a prompt token and a token of the answer.</summary>
    internal FitCoefficient? JoulesPerTokenPair => Coefficient(BothPlace);

    internal double? RSquared => Finite(Fit?.RSquared);

    internal double? UncentredRSquared => Finite(Fit?.UncentredRSquared);

    /// <summary>Largest error of the fit over the observed energy.</summary>
    internal double? MaxResidualRatio => Fit is null
        ? null
        : Requests.Zip(Fit.Fitted).Max(pair => Math.Abs(pair.Second - pair.First.Joules) / pair.First.Joules);

    /// <summary>The fitted energy of a request (J).</summary>
    internal double FittedJoules(RequestEnergy request) => Fit is null
        ? throw new InvalidOperationException("There is no fit.")
        : (Fit.Coefficients[InputPlace] * request.InputTokens)
            + (Fit.Coefficients[OutputPlace] * request.OutputTokens)
            + (Fit.Coefficients[BothPlace] * request.InputTokens * request.OutputTokens);

    private FitCoefficient? Coefficient(int place) =>
        Fit is null ? null : new FitCoefficient(Fit.Coefficients[place], Fit.HalfWidths?[place]);

    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;
}
