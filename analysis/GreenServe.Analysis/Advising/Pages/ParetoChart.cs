using GreenServe.Analysis.Figures;
using GreenServe.Analysis.Formatting;
using GreenServe.Analysis.Statistics;
using GreenServe.Records;
using GreenServe.Records.Documents;

namespace GreenServe.Analysis.Advising.Pages;

/// <summary>Draws every setting that was tried: the objective against how near its latency comes to the SLO.</summary>
internal static class ParetoChart
{
    /// <summary>Name of the figure's files.</summary>
    internal const string Name = "advice-pareto";

    // Names of points that are nearer than this share of the panel would lie on each other.
    private const double MinLabelDistance = 0.05;

    // Settings that are no candidates are pale, and what misses the SLO lies on a shade that is paler still.
    private const string Pale = "#B0B0B0";
    private const int RefusedMarker = 6;
    private const string Shade = "#A8B2BC";

    private static readonly (string Role, SeriesStyle Style)[] Marks =
    [
        (MarkedSetting.Default, new SeriesStyle(Palette.Of(6), Marker: 1, IsJoined: false)),
        (MarkedSetting.DefaultOfEqualSize, new SeriesStyle(Palette.Of(6), Marker: 1, IsOpen: true, IsJoined: false)),
        (MarkedSetting.Nearest, new SeriesStyle(Palette.Of(1), Marker: 4, IsJoined: false)),
        (MarkedSetting.Finalist, new SeriesStyle(Palette.Of(2), Marker: 2, IsJoined: false)),
        (MarkedSetting.Cautious, new SeriesStyle(Palette.Of(5), Marker: 4, IsJoined: false)),
        (MarkedSetting.Recommended, new SeriesStyle(Palette.Of(1), Marker: 3, IsJoined: false)),
    ];

    /// <summary>The figure; <c>null</c> where no setting has a place in it.</summary>
    internal static AdviceFigure? Of(AdviceDocument document)
    {
        bool hasSlo = document.Slo is not null;
        PlacedSetting[] placed =
        [
            .. from item in MarkedSetting.All(document)
               let x = hasSlo ? item.Setting.WorstRatio : item.Serving.Gpus
               where x > 0 && item.Setting.ObjectiveValue > 0
               select new PlacedSetting(item, new FigurePoint(x.Value, item.Setting.ObjectiveValue!.Value)
               {
                   Details = AdvicePageText.Details(item.Setting, document),
               }),
        ];
        if (placed.Length == 0)
        {
            return null;
        }

        string name = ObjectiveNumbers.NameOf(document.Objective);
        int left = MarkedSetting.All(document).Count - placed.Length;
        LinePanel panel = new()
        {
            Title = $"{AdviceText.Upper(name)} against the {(hasSlo ? "worst latency" : "accelerators used")}",
            X = hasSlo
                ? new FigureAxis { Label = "largest latency over its limit", Scale = AxisScale.Log10 }
                : new FigureAxis { Label = "accelerators", Scale = AxisScale.Log2 },
            Y = new FigureAxis { Label = $"{name} ({AdvicePageText.ObjectiveUnit(document)})", Scale = AxisScale.Log10 },
            Series = [.. SeriesOf(placed).Where(series => series.Points.Count > 0)],
            Bands = hasSlo && placed.Max(item => item.Point.X) > 1
                ? [new FigureBand("misses the SLO", Shade, 1, placed.Max(item => item.Point.X))]
                : [],
        };
        return new AdviceFigure(
            Name,
            "Which settings are best, in the sense that no other is both faster and better by the objective?",
            new Figure
            {
                Title = panel.Title,
                Subtitle = AdviceFigure.Subtitle(document),
                Note = Note(hasSlo, left),
                Panels = [panel],
                Columns = 1,
                PanelHeight = 430,
                TextAlternative = Words(document, placed),
            });
    }

    private static string Note(bool hasSlo, int left) =>
        (hasSlo ? "A setting meets the SLO up to 1. " : "Without an SLO no latency is held against a limit. ")
        + "Line: no other candidate is lower in both. Numbers: the other finalists in the order of the table. "
        + "Grey: no candidate."
        + (left > 0 ? $" {left} {(left == 1 ? "setting has" : "settings have")} no place here: one of the two numbers is not known." : "");

    /// <summary>Series of one evidence kind each: settings, their front, and those with a name, which lie over the others.</summary>
    private static IEnumerable<Series> SeriesOf(PlacedSetting[] placed)
    {
        (EvidenceKind Evidence, PlacedSetting[] Settings)[] kinds =
            [.. placed.GroupBy(item => item.Setting.Evidence).OrderBy(group => group.Key).Select(group => (group.Key, group.ToArray()))];
        foreach ((EvidenceKind evidence, PlacedSetting[] settings) in kinds)
        {
            string words = EnumText.Of(evidence);
            string color = Palette.Of(evidence == EvidenceKind.Simulated ? 0 : 2 + (int)evidence);
            SeriesStyle filled = new(color, (int)evidence);
            SeriesStyle open = filled with { IsOpen = true, IsJoined = false };
            PlacedSetting[] candidates = [.. settings.Where(item => item.Setting.IsFeasible)];
            (double, double)[] places = [.. candidates.Select(item => (item.Point.X, item.Point.Y))];
            PlacedSetting[] front = [.. ParetoFront.Of(places).Select(place => candidates[place])];
            yield return Draw($"{words}, no candidate", open with { Color = Pale, Marker = RefusedMarker - (int)evidence },
                settings.Where(item => !item.Setting.IsFeasible));
            yield return Draw($"{words}, candidate", open, candidates);
            yield return Draw($"{words}, front", filled, front.Length > 1 ? front : []);
        }

        string?[] numbers = Numbers(placed);
        foreach ((string role, SeriesStyle style) in Marks)
        {
            foreach ((EvidenceKind evidence, _) in kinds)
            {
                (PlacedSetting Item, string? Number)[] part =
                    [.. placed.Zip(numbers).Where(pair => pair.First.Marked.Role == role && pair.First.Setting.Evidence == evidence)];
                string kind = kinds.Length > 1 ? $", {EnumText.Of(evidence)}" : "";
                string name = role + kind + (part.Length == 1 ? $": {part[0].Item.Setting.Words}" : "");
                yield return new Series(
                    name, style, [.. part.Select(pair => pair.Item.Point with { Label = pair.Number })]);
            }
        }

        static Series Draw(string name, SeriesStyle style, IEnumerable<PlacedSetting> part) =>
            new(name, style, [.. part.Select(item => item.Point)]);
    }

    /// <summary>
    /// The number of each finalist; <c>null</c> for other settings, and where it would lie on the number of a better one.
    /// </summary>
    private static string?[] Numbers(PlacedSetting[] placed)
    {
        double width = Span(placed.Select(item => item.Point.X));
        double height = Span(placed.Select(item => item.Point.Y));
        string?[] numbers = new string?[placed.Length];
        List<PlacedSetting> named = [];
        int number = 0;
        foreach ((int index, PlacedSetting item) in placed.Index())
        {
            number += item.Marked.Role is MarkedSetting.Recommended or MarkedSetting.Finalist ? 1 : 0;
            if (item.Marked.Role == MarkedSetting.Finalist && !named.Any(other =>
                Math.Abs(Math.Log(other.Point.X / item.Point.X)) < MinLabelDistance * width
                && Math.Abs(Math.Log(other.Point.Y / item.Point.Y)) < MinLabelDistance * height))
            {
                named.Add(item);
                numbers[index] = NumberText.Short(number);
            }
        }

        return numbers;
    }

    private static double Span(IEnumerable<double> values)
    {
        double[] all = [.. values];
        return Math.Log(all.Max() / all.Min());
    }

    private static string Words(AdviceDocument document, PlacedSetting[] placed)
    {
        string unit = AdvicePageText.ObjectiveUnit(document);
        string At(PlacedSetting item) => $"{NumberText.Short(item.Point.Y)} {unit} at {NumberText.Short(item.Point.X)}"
            + (document.Slo is null ? " accelerators" : " of the limit");
        PlacedSetting[] candidates = [.. placed.Where(item => item.Setting.IsFeasible)];
        string named = string.Join("; ", placed.Where(item => Marks.Any(mark => mark.Role == item.Marked.Role))
            .Select(item => $"{item.Marked.Role}: {item.Setting.Words}, {At(item)}"));
        return $"{placed.Length} settings, of which {candidates.Length} are candidates. {named}.";
    }

    /// <summary>A setting with its place in the figure.</summary>
    private sealed record PlacedSetting(MarkedSetting Marked, FigurePoint Point)
    {
        internal AdvisedSetting Setting => Marked.Setting;
    }
}
