using GreenServe.Analysis.Figures;
using GreenServe.Analysis.Formatting;

namespace GreenServe.Analysis.Advising.Pages;

/// <summary>Draws the finalists, with the interval between runs and the error band of the simulator, a line each.</summary>
internal static class FinalistChart
{
    /// <summary>Name of the figure's files.</summary>
    internal const string Name = "advice-finalists";

    // Height of the panel: axis and title, and then each finalist (px at a width of 800).
    private const int FixedHeight = 84;
    private const int LineHeight = 26;

    private static readonly SeriesStyle BandStyle = new("#A6CEE3", IsJoined: true, HasMarkers: false);
    private static readonly SeriesStyle IntervalStyle = new(Palette.Of(6), IsJoined: true, HasMarkers: false);
    private static readonly SeriesStyle ValueStyle = new(Palette.Of(0), IsJoined: false);
    private static readonly SeriesStyle BestStyle = new(Palette.Of(1), Marker: 3, IsJoined: false);

    /// <summary>The figure; <c>null</c> where there is no finalist.</summary>
    internal static AdviceFigure? Of(AdviceDocument document)
    {
        AdvisedSetting[] shown = [.. document.Finalists.Where(setting => setting.ObjectiveValue is not null)];
        if (shown.Length == 0)
        {
            return null;
        }

        string unit = AdvicePageText.ObjectiveUnit(document);
        FigureAxis names = new()
        {
            Label = "",
            Scale = AxisScale.Category,
            Categories = [.. shown.Index().Reverse().Select(item => $"{item.Index + 1}. {item.Item.Words}")],
        };
        Series[] series = [.. SeriesOf(document, shown).Where(one => one.Points.Count > 0)];
        double[] ends = [.. series.SelectMany(one => one.Points).Select(point => point.X)];
        LinePanel panel = new()
        {
            Title = $"{AdviceText.Upper(ObjectiveNumbers.NameOf(document.Objective))} ({unit})",
            X = new FigureAxis { Label = unit, Low = ends.Min(), High = ends.Max() },
            Y = names,
            Series = series,
        };
        return new AdviceFigure(
            Name,
            "How far apart are the finalists, and how sure is that?",
            new Figure
            {
                Title = "The finalists",
                Subtitle = AdviceFigure.Subtitle(document),
                Note = Note(document),
                Panels = [panel],
                Columns = 1,
                PanelHeight = FixedHeight + (LineHeight * shown.Length),
                TextAlternative = string.Join(' ', shown.Select((setting, index) =>
                    $"{index + 1}. {setting.Words}: {NumberText.Of(setting.ObjectiveValue!.Value)} {unit}.")),
            });
    }

    private static string Note(AdviceDocument document) =>
        (document.Objective is AdviceObjective.Joules or AdviceObjective.Carbon
            ? "The interval is between runs, where there are several. "
            : $"No interval of the {ObjectiveNumbers.NameOf(document.Objective)} is known; that of the energy stands in the table. ")
        + (document.Objective == AdviceObjective.Cost
            ? "Nor is an error band of it."
            : "The error band holds 80 % of measurements; settings share most of it, so that their order is surer than their numbers.");

    private static IEnumerable<Series> SeriesOf(AdviceDocument document, AdvisedSetting[] shown)
    {
        (AdvisedSetting Setting, double Place)[] placed = [.. shown.Select((setting, index) => (setting, shown.Length - 1.0 - index))];
        foreach ((AdvisedSetting setting, double place) in placed.Where(_ => document.Objective != AdviceObjective.Cost))
        {
            if (ObjectiveNumbers.BandOf(document.Objective, setting.ErrorBands) is { } band)
            {
                double value = setting.ObjectiveValue!.Value;
                yield return Line("error band", BandStyle, place, value * band.LowFactor, value * band.HighFactor);
            }
        }

        // Carbon is energy times one number.
        foreach ((AdvisedSetting setting, double place) in placed
            .Where(_ => document.Objective is AdviceObjective.Joules or AdviceObjective.Carbon))
        {
            if (setting is { LowJoulesPerOutputToken: { } low, HighJoulesPerOutputToken: { } high, JoulesPerOutputToken: > 0 })
            {
                double factor = setting.ObjectiveValue!.Value / setting.JoulesPerOutputToken.Value;
                yield return Line("95 % interval", IntervalStyle, place, factor * low, factor * high);
            }
        }

        yield return Points("finalist", ValueStyle, placed.Skip(1));
        yield return Points("recommended", BestStyle, placed.Take(1));

        Series Points(string name, SeriesStyle style, IEnumerable<(AdvisedSetting Setting, double Place)> part) => new(
            name, style, [.. part.Select(item => new FigurePoint(item.Setting.ObjectiveValue!.Value, item.Place)
            {
                Details = AdvicePageText.Details(item.Setting, document),
            })]);
    }

    private static Series Line(string name, SeriesStyle style, double place, double low, double high) =>
        new(name, style, [new FigurePoint(low, place), new FigurePoint(high, place)]);
}
