using GreenServe.Analysis.Figures;
using GreenServe.Analysis.Figures.Drawing;

namespace GreenServe.Analysis.Advising.Pages;

/// <summary>Draws what the objective does as one knob at a time moves away from the recommended setting, a panel a knob.</summary>
internal static class SensitivityChart
{
    /// <summary>Name of the figure's files.</summary>
    internal const string Name = "advice-sensitivity";

    // Panels share one scale, so that their knobs can be compared. It holds every fall, which is at most 100 %, and ends at this multiple
    // of the largest rise that meets the SLO, and not below this change (%). What lies beyond stands at the edge with its number.
    private const double Beyond = 1.5;
    private const double MinRangePercent = 5;

    // More names than this do not fit under a panel.
    private const int MaxNames = 8;

    // What a knob's value is called where the engine or the device chooses it.
    private const string Unset = "default";

    private static readonly SeriesStyle Path = new(FigureInk.Frame, HasMarkers: false);
    private static readonly SeriesStyle Meets = new(Palette.Of(0), IsJoined: false);
    private static readonly SeriesStyle Misses = new(Palette.Of(1), Marker: 6, IsOpen: true, IsJoined: false);
    private static readonly SeriesStyle Recommended = new(Palette.Of(2), Marker: 3, IsJoined: false);

    /// <summary>The figure; <c>null</c> where no knob was varied.</summary>
    internal static AdviceFigure? Of(AdviceDocument document)
    {
        KnobSensitivity[] knobs = [.. document.Sensitivities.Where(knob => knob.Values.Count(value => value.ChangeRatio is not null) > 1)];
        if (knobs.Length == 0)
        {
            return null;
        }

        KnobEffect[] effects = [.. knobs.SelectMany(knob => knob.Values).Where(value => value.ChangeRatio is not null)];
        double rise = effects.Where(value => value.IsFeasible).Select(value => 100 * value.ChangeRatio!.Value).DefaultIfEmpty().Max();
        double top = Math.Max(MinRangePercent, Beyond * rise);
        double bottom = Math.Min(-MinRangePercent, effects.Min(value => 100 * value.ChangeRatio!.Value));
        return new AdviceFigure(
            Name,
            "Which knob matters most, and what does each of its other values do?",
            new Figure
            {
                Title = $"One knob at a time: change of the {ObjectiveNumbers.NameOf(document.Objective)}",
                Subtitle = AdviceFigure.Subtitle(document),
                Note = "Every panel has the same scale, and the knob that matters most comes first. "
                    + "A value beyond the scale stands at its edge with its number.",
                Panels = [.. knobs.Select(knob => PanelOf(knob, bottom, top))],
                PanelHeight = 220,
                TextAlternative = string.Join(' ', knobs.Select(Words)),
            });
    }

    private static LinePanel PanelOf(KnobSensitivity knob, double bottom, double top)
    {
        KnobPoint[] points = [.. knob.Values.Select((value, index) => (value, index)).Where(item => item.value.ChangeRatio is not null)
            .Select(item => new KnobPoint(item.index, item.value, 100 * item.value.ChangeRatio!.Value, bottom, top))];
        Series Part(string name, SeriesStyle style, Func<KnobEffect, bool> belongs) =>
            new(name, style, [.. points.Where(point => belongs(point.Effect)).Select(point => point.Draw())]);
        return new LinePanel
        {
            Title = AdviceText.Upper(SettingText.NameOf(knob.Axis)),
            X = Values(knob),
            Y = new FigureAxis { Label = "change (%)", Low = bottom, High = top },
            Series =
            [
                new Series("", Path, [.. points.Select(point => point.Draw() with { Label = null, Details = null })]),
                Part("meets the SLO", Meets, value => value is { IsFeasible: true, IsRecommended: false }),
                Part("misses the SLO or does not count", Misses, value => value is { IsFeasible: false, IsRecommended: false }),
                Part("recommended", Recommended, value => value.IsRecommended),
            ],
        };
    }

    /// <summary>
    /// The axis of a knob's values. A unit that all of them have becomes its label, and of many values not all are named.
    /// </summary>
    private static FigureAxis Values(KnobSensitivity knob)
    {
        string[] units = [.. knob.Values.Select(value => UnitOf(value.Value)).OfType<string>().Distinct()];
        bool isShared = units.Length == 1 && knob.Values.All(value => UnitOf(value.Value) is not null || value.Value == Unset);
        string? unit = isShared ? units[0] : null;
        int step = (knob.Values.Count + MaxNames - 1) / MaxNames;
        return new FigureAxis
        {
            Label = unit ?? "",
            Scale = AxisScale.Category,
            Categories = [.. knob.Values.Select((value, index) =>
                index % step != 0 ? ""
                    : unit is null ? value.Value
                    : value.Value.Replace($" {unit}", "", StringComparison.Ordinal))],
            BreaksNames = true,
        };
    }

    /// <summary>The unit of a number in words, which may be the default; <c>null</c> for other words.</summary>
    private static string? UnitOf(string value)
    {
        string[] words = value.Split(' ');
        bool isNumber = words[0].Length > 0 && words[0].All(letter => char.IsAsciiDigit(letter) || letter is '.' or ',');
        string unset = $"({Unset})";
        return isNumber && words.Length > 1 && words[1] != unset && words.Skip(2).All(word => word == unset) ? words[1] : null;
    }

    private static string Words(KnobSensitivity knob)
    {
        string Change(KnobEffect value) => value.IsRecommended ? "recommended"
            : value.ChangeRatio is { } change ? AdvicePageText.Change(change) : "not known";
        string values = string.Join(", ", knob.Values.Select(value =>
            $"{value.Value} {Change(value)}{(value.IsFeasible ? "" : " but no candidate")}"));
        return $"{SettingText.NameOf(knob.Axis)}: {values}.";
    }

    /// <summary>A value of a knob with its place in the panel.</summary>
    private sealed record KnobPoint(int Index, KnobEffect Effect, double Percent, double BottomPercent, double TopPercent)
    {
        internal FigurePoint Draw()
        {
            double place = Math.Clamp(Percent, BottomPercent, TopPercent);
            string change = AdvicePageText.Change(Effect.ChangeRatio!.Value);
            return new FigurePoint(Index, place, Label: place == Percent ? null : change)
            {
                Details =
                [
                    Effect.Value,
                    Effect.IsRecommended ? "recommended" : change,
                    Effect.IsFeasible ? "meets the SLO" : "misses the SLO or does not count",
                    .. Effect.WorstRatio is { } ratio ? new[] { $"largest latency: {AdvicePageText.Share(ratio)} of its limit" } : [],
                ],
            };
        }
    }
}
