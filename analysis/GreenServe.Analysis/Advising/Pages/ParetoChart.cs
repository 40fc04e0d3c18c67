using GreenServe.Analysis.Figures;
using GreenServe.Analysis.Figures.Drawing;
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

    // Pale enough that the grey marks of the settings stand out on it.
    private const string Shade = "#C9D1D9";

    private static readonly (string Role, SeriesStyle Style)[] Marks =
    [
        (MarkedSetting.Default, new SeriesStyle(Palette.Of(6), Marker: 1, IsJoined: false)),
        (MarkedSetting.DefaultOfEqualSize, new SeriesStyle(Palette.Of(6), Marker: 1, IsOpen: true, IsJoined: false)),
        (MarkedSetting.Nearest, new SeriesStyle(Palette.Of(1), Marker: 4, IsJoined: false)),
        (MarkedSetting.Finalist, new SeriesStyle(Palette.Of(2), Marker: 2, IsJoined: false)),
        (MarkedSetting.Cautious, new SeriesStyle(Palette.Of(5), Marker: 4, IsJoined: false)),
        (MarkedSetting.Recommended, new SeriesStyle(Palette.Of(1), Marker: 3, IsJoined: false)),
    ];

    private static readonly SeriesStyle Refused = new("#B0B0B0", Marker: 6, IsOpen: true, IsJoined: false);

    /// <summary>The figure; <c>null</c> where no setting has a place in it.</summary>
    internal static AdviceFigure? Of(AdviceDocument document)
    {
        bool hasSlo = document.Slo is not null;
        PlacedSetting[] placed =
        [
            .. from item in MarkedSetting.All(document)
               let x = hasSlo ? item.Setting.WorstRatio : item.Serving.Gpus
               where x > 0 && item.Setting.ObjectiveValue > 0
               select new PlacedSetting(item, x.Value, item.Setting.ObjectiveValue!.Value),
        ];
        if (placed.Length == 0)
        {
            return null;
        }

        string name = AdviceText.ObjectiveName(document);
        int left = MarkedSetting.All(document).Count - placed.Length;
        LinePanel panel = new()
        {
            Title = hasSlo ? $"{AdviceText.Upper(name)} against the worst latency" : $"{AdviceText.Upper(name)} against the accelerators used",
            X = hasSlo
                ? new FigureAxis { Label = "largest latency over its limit", Scale = AxisScale.Log10 }
                : new FigureAxis { Label = "accelerators", Scale = AxisScale.Log2 },
            Y = new FigureAxis { Label = $"{name} ({AdviceText.ObjectiveUnit(document)})", Scale = AxisScale.Log10 },
            Series = [.. SeriesOf(placed)],
            Bands = hasSlo && placed.Max(item => item.X) > 1
                ? [new FigureBand("misses the SLO", Shade, 1, placed.Max(item => item.X))]
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
        + "Line: no other candidate is lower in both. Numbers: the finalists in the order of the table. "
        + "Grey: no candidate."
        + (left > 0 ? $" {left} {(left == 1 ? "setting has" : "settings have")} no place here, because one of the two numbers is not known." : "");

    private static IEnumerable<Series> SeriesOf(PlacedSetting[] placed)
    {
        PlacedSetting[] refused = [.. placed.Where(item => !item.Setting.IsFeasible)];
        if (refused.Length > 0)
        {
            yield return new Series("no candidate", Refused, [.. refused.Select(item => item.Draw(null))]);
        }

        foreach ((int index, EvidenceKind evidence) in Enum.GetValues<EvidenceKind>().Index())
        {
            PlacedSetting[] kind = [.. placed.Where(item => item.Setting.Evidence == evidence && item.Setting.IsFeasible)];
            if (kind.Length == 0)
            {
                continue;
            }

            string words = EnumText.Of(evidence);
            string color = Palette.Of(index == 0 ? 0 : index + 2);
            yield return new Series(
                $"{words}, meets the SLO", new SeriesStyle(color, index, IsOpen: true, IsJoined: false), [.. kind.Select(item => item.Draw(null))]);
            PlacedSetting[] front = [.. ParetoFront.Of([.. kind.Select(item => (item.X, item.Y))]).Select(place => kind[place])];
            if (front.Length > 1)
            {
                yield return new Series($"{words}, front", new SeriesStyle(color, index), [.. front.Select(item => item.Draw(null))]);
            }
        }

        string[] numbers = Numbers(placed);
        foreach ((string role, SeriesStyle style) in Marks)
        {
            (PlacedSetting Item, string Number)[] part = [.. placed.Zip(numbers).Where(pair => pair.First.Marked.Role == role)];
            if (part.Length > 0)
            {
                string one = part.Length == 1 ? $": {part[0].Item.Setting.Words}" : "s";
                yield return new Series(
                    role + one, style, [.. part.Select(pair => pair.Item.Draw(pair.Number.Length > 0 ? pair.Number : null))]);
            }
        }
    }

    /// <summary>The number of each finalist; empty for other settings, and where it would lie on the number of a better one.</summary>
    private static string[] Numbers(PlacedSetting[] placed)
    {
        double width = Span(placed.Select(item => item.X));
        double height = Span(placed.Select(item => item.Y));
        string[] numbers = [.. placed.Select(_ => "")];
        List<PlacedSetting> named = [];
        int number = 0;
        foreach ((int index, PlacedSetting item) in placed.Index())
        {
            if (item.Marked.Role is not (MarkedSetting.Recommended or MarkedSetting.Finalist))
            {
                continue;
            }

            number++;
            if (!named.Any(other => Math.Abs(Math.Log(other.X / item.X)) < MinLabelDistance * width
                && Math.Abs(Math.Log(other.Y / item.Y)) < MinLabelDistance * height))
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
        string unit = AdviceText.ObjectiveUnit(document);
        string At(PlacedSetting item) => $"{NumberText.Short(item.Y)} {unit} at {NumberText.Short(item.X)}"
            + (document.Slo is null ? " accelerators" : " of the limit");
        PlacedSetting[] candidates = [.. placed.Where(item => item.Setting.IsFeasible)];
        string named = string.Join("; ", placed.Where(item => Marks.Any(mark => mark.Role == item.Marked.Role))
            .Select(item => $"{item.Marked.Role}: {item.Setting.Words}, {At(item)}"));
        return $"{placed.Length} settings, of which {candidates.Length} are candidates. {named}.";
    }

    /// <summary>A setting with its place in the figure.</summary>
    private sealed record PlacedSetting(MarkedSetting Marked, double X, double Y)
    {
        internal AdvisedSetting Setting => Marked.Setting;

        internal FigurePoint Draw(string? label) => new(X, Y, Label: label)
        {
            Details = AdviceText.Details(Setting, Marked.Document),
        };
    }
}
