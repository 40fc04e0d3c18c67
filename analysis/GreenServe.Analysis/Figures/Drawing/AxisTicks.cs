using System.Globalization;
using System.Text;

namespace GreenServe.Analysis.Figures.Drawing;

/// <summary>The range of an axis and its ticks with their texts. A place is a value, or its logarithm on a logarithmic axis.</summary>
internal sealed class AxisTicks
{
    // Free space below and above the data, as shares of their span: above there is more, for the labels of points.
    private const double SpaceBelow = 0.06;
    private const double SpaceAbove = 0.08;

    // A logarithmic axis of equal values still spans this many decades.
    private const double MinDecades = 0.15;

    // On a logarithmic axis of fewer decades than this, multiples of powers of ten would leave one tick or none.
    private const double EvenBelowDecades = 0.45;

    // About this many ticks fit on a linear axis, and at most this many powers of two on a binary one.
    private const double LinearTicks = 5;
    private const double BinaryTicks = 8;

    // Up to so many decades an axis has that many ticks in each; a longer one has a tick for each decade alone.
    private static readonly (double Decades, double[] Multiples)[] TicksInADecade =
        [(0.7, [1, 1.5, 2, 3, 4, 5, 7]), (1.6, [1, 2, 5]), (2.6, [1, 3])];

    // Letters of a line of a broken name.
    private const int MaxLetters = 11;

    // Comparisons of places allow for rounding of the last digits.
    private const double Rounding = 1e-9;

    private AxisTicks(double low, double high, IReadOnlyList<(double Place, string Text)> ticks)
    {
        Low = low;
        High = high;
        Ticks = ticks;
    }

    /// <summary>Place of the axis' beginning.</summary>
    internal double Low { get; }

    /// <summary>Place of the axis' end.</summary>
    internal double High { get; }

    internal IReadOnlyList<(double Place, string Text)> Ticks { get; }

    /// <summary>The place of a value; <c>null</c> for a value that a logarithmic axis cannot show.</summary>
    internal static double? Place(FigureAxis axis, double value) => axis.Scale is AxisScale.Log2 or AxisScale.Log10
        ? value > 0 ? Math.Log10(value) : null
        : value;

    /// <summary>Chooses range and ticks for the values an axis must show.</summary>
    internal static AxisTicks For(FigureAxis axis, IEnumerable<double> values)
    {
        double[] places = [.. values.Concat(axis.Ticks).Concat(new[] { axis.Low, axis.High }.OfType<double>())
            .Select(value => Place(axis, value)).OfType<double>()];
        if (axis.Scale == AxisScale.Category)
        {
            return new AxisTicks(
                -0.6, axis.Categories.Count - 0.4, [.. axis.Categories.Select((name, index) => ((double)index, TextOf(axis, name)))]);
        }

        if (places.Length == 0)
        {
            return new AxisTicks(0, 1, []);
        }

        (double low, double high) = (places.Min(), places.Max());
        return axis.Scale == AxisScale.Linear ? Linear(axis, low, high) : Logarithmic(axis, low, high);
    }

    /// <summary>The name of a place on a category axis, broken into lines if the axis breaks its names.</summary>
    internal static string TextOf(FigureAxis axis, string name)
    {
        if (!axis.BreaksNames)
        {
            return name;
        }

        StringBuilder text = new();
        int letters = 0;
        foreach (string part in name.Replace("-", "-\u200b", StringComparison.Ordinal).Split('\u200b', ' '))
        {
            bool breaks = letters > 0 && letters + part.Length > MaxLetters;
            text.Append(breaks ? "\n" : letters > 0 && text[^1] != '-' ? " " : "").Append(part);
            letters = breaks ? part.Length : letters + part.Length;
        }

        return text.ToString();
    }

    private static AxisTicks Linear(FigureAxis axis, double low, double high)
    {
        if (axis.FromZero)
        {
            low = Math.Min(0, low);
        }

        double span = high > low ? high - low : Math.Max(Math.Abs(high), 1);
        double bottom = axis.FromZero && low >= 0 ? 0 : low - (SpaceBelow * span);
        double top = high + (SpaceAbove * span);
        if (axis.Ticks.Count > 0)
        {
            return new AxisTicks(bottom, top, [.. axis.Ticks.Select(value => (value, Label(value)))]);
        }

        double step = NiceStep((top - bottom) / LinearTicks);
        List<(double, string)> ticks = [];
        for (double tick = Math.Ceiling(bottom / step) * step; tick <= top + (Rounding * span); tick += step)
        {
            double rounded = (Math.Round(tick / step) * step) + 0.0;   // never -0
            ticks.Add((rounded, Label(rounded)));
        }

        return new AxisTicks(bottom, top, ticks);
    }

    private static AxisTicks Logarithmic(FigureAxis axis, double low, double high)
    {
        double span = Math.Max(high - low, MinDecades);
        (double bottom, double top) = (low - (SpaceBelow * span), high + (SpaceBelow * span));
        IEnumerable<double> values = axis.Ticks.Count > 0 ? axis.Ticks
            : axis.Scale == AxisScale.Log2 ? Powers(bottom, top)
            : top - bottom < EvenBelowDecades ? Even(Math.Pow(10, bottom), Math.Pow(10, top))
            : Decades(bottom, top);
        return new AxisTicks(bottom, top, [.. values.Select(value => (Place: Math.Log10(value), Text: Label(value)))
            .Where(tick => tick.Place >= bottom - Rounding && tick.Place <= top + Rounding)]);
    }

    /// <summary>Ticks at even steps.</summary>
    private static IEnumerable<double> Even(double low, double high)
    {
        double step = NiceStep((high - low) / LinearTicks);
        for (double number = Math.Ceiling(low / step); number * step <= high; number++)
        {
            yield return number * step;
        }
    }

    private static IEnumerable<double> Powers(double bottom, double top)
    {
        double log = Math.Log10(2);
        int step = Math.Max(1, (int)Math.Ceiling((top - bottom) / log / BinaryTicks));
        for (int power = (int)Math.Ceiling(bottom / log); power * log <= top; power++)
        {
            if (power % step == 0)
            {
                yield return Math.Pow(2, power);
            }
        }
    }

    private static IEnumerable<double> Decades(double bottom, double top)
    {
        double[] multiples = TicksInADecade.Where(entry => top - bottom < entry.Decades)
            .Select(entry => entry.Multiples).FirstOrDefault([1]);
        for (int power = (int)Math.Floor(bottom); power <= top; power++)
        {
            foreach (double multiple in multiples)
            {
                yield return multiple * Math.Pow(10, power);
            }
        }
    }

    /// <summary>The smallest of 1, 2, 2.5, 5 and 10 times a power of ten that is not below a step.</summary>
    private static double NiceStep(double rough)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double share = rough / power;
        return power * (share <= 1 ? 1 : share <= 2 ? 2 : share <= 2.5 ? 2.5 : share <= 5 ? 5 : 10);
    }

    private static string Label(double value) => Math.Abs(value) >= 1e6 || (value != 0 && Math.Abs(value) < 1e-4)
        ? value.ToString("0.##e0", CultureInfo.InvariantCulture)
        : value.ToString(Math.Abs(value) >= 10_000 ? "#,0.####" : "0.#####", CultureInfo.InvariantCulture);
}
