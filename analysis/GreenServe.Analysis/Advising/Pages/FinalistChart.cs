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
            Title = $"{AdviceText.Upper(AdviceText.ObjectiveName(document))} ({AdviceText.ObjectiveUnit(document)})",
            X = new FigureAxis { Label = AdviceText.ObjectiveUnit(document), Low = ends.Min(), High = ends.Max() },
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
                    $"{index + 1}. {setting.Words}: {NumberText.Of(setting.ObjectiveValue!.Value)} {AdviceText.ObjectiveUnit(document)}.")),
            });
    }

    private static string Note(AdviceDocument document) => document.Objective == AdviceObjective.Joules
        ? "Black: 95 % interval between runs, where there are several. Pale: 80 % error band of the simulator, most of which settings share, "
            + "so that the order is surer than the numbers."
        : $"The {AdviceText.ObjectiveName(document)} has no interval and no error band of its own; those of the energy stand in the table.";

    private static IEnumerable<Series> SeriesOf(AdviceDocument document, AdvisedSetting[] shown)
    {
        (AdvisedSetting Setting, double Place)[] placed = [.. shown.Select((setting, index) => (setting, shown.Length - 1.0 - index))];
        if (document.Objective == AdviceObjective.Joules)
        {
            foreach ((AdvisedSetting setting, double place) in placed)
            {
                if (setting is { JoulesPerOutputToken: { } joules, ErrorBands.JoulesPerToken: { } band })
                {
                    yield return Line("error band", BandStyle, place, joules * band.LowFactor, joules * band.HighFactor);
                }
            }

            foreach ((AdvisedSetting setting, double place) in placed)
            {
                if (setting is { LowJoulesPerOutputToken: { } low, HighJoulesPerOutputToken: { } high })
                {
                    yield return Line("95 % interval", IntervalStyle, place, low, high);
                }
            }
        }

        yield return Points("finalist", ValueStyle, placed.Skip(1));
        yield return Points("recommended", BestStyle, placed.Take(1));

        Series Points(string name, SeriesStyle style, IEnumerable<(AdvisedSetting Setting, double Place)> part) => new(
            name, style, [.. part.Select(item => new FigurePoint(item.Setting.ObjectiveValue!.Value, item.Place)
            {
                Details = AdviceText.Details(item.Setting, document),
            })]);
    }

    private static Series Line(string name, SeriesStyle style, double place, double low, double high) =>
        new(name, style, [new FigurePoint(low, place), new FigurePoint(high, place)]);
}
