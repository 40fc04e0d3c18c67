using System.Globalization;

namespace GreenServe.Analysis.Formatting;

/// <summary>Numbers as people read them in tables, figures and reports. Data files carry all digits.</summary>
/// <remarks>All texts are in the invariant culture: a decimal point, and commas between thousands.</remarks>
public static class NumberText
{
    // Outside this range a number has more zeros than digits that mean something.
    private const double MinWithoutExponent = 1e-4;
    private const double MaxWithoutExponent = 1e7;

    /// <summary>A number with four significant digits, and with an exponent below 0.0001 and from 10 million on.</summary>
    public static string Of(double value)
    {
        if (value == 0 || !double.IsFinite(value))
        {
            return value.ToString(CultureInfo.InvariantCulture);
        }

        double magnitude = Math.Abs(value);
        if (magnitude is < MinWithoutExponent or >= MaxWithoutExponent)
        {
            return value.ToString("0.###e0", CultureInfo.InvariantCulture);
        }

        int decimals = Math.Clamp(3 - (int)Math.Floor(Math.Log10(magnitude)), 0, 7);
        string text = value.ToString("N" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return decimals == 0 ? text : text.TrimEnd('0').TrimEnd('.');
    }

    /// <summary>A number with three significant digits, for labels in figures; with an exponent where <see cref="Of"/> has one.</summary>
    public static string Short(double value)
    {
        if (value == 0 || !double.IsFinite(value))
        {
            return value.ToString(CultureInfo.InvariantCulture);
        }

        if (Math.Abs(value) is < MinWithoutExponent or >= MaxWithoutExponent)
        {
            return value.ToString("0.##e0", CultureInfo.InvariantCulture);
        }

        int decimals = Math.Clamp(2 - (int)Math.Floor(Math.Log10(Math.Abs(value))), 0, 6);
        return Math.Round(value, decimals).ToString("#,0.######", CultureInfo.InvariantCulture);
    }

    /// <summary>A value with half the width of its interval, for example <c>12.3 ± 0.45</c>.</summary>
    /// <remarks>The half width has two significant digits, and the value as many decimals. Without a width it is the value alone.</remarks>
    /// <param name="value">The value.</param>
    /// <param name="half">Half the width of its interval, in the same unit; 0 or less for none.</param>
    public static string WithError(double value, double half)
    {
        if (half <= 0 || !double.IsFinite(half) || !double.IsFinite(value))
        {
            return Short(value);
        }

        int place = (int)Math.Floor(Math.Log10(half)) - 1;
        if (place > 0)
        {
            double step = Math.Pow(10, place);
            (value, half) = (Math.Round(value / step) * step, Math.Round(half / step) * step);
        }

        int decimals = Math.Clamp(-place, 0, 10);
        string format = "N" + decimals.ToString(CultureInfo.InvariantCulture);
        return $"{value.ToString(format, CultureInfo.InvariantCulture)} ± {half.ToString(format, CultureInfo.InvariantCulture)}";
    }

    /// <summary>A number with three significant digits, also where it is large: <c>114,000</c> for 113,813.</summary>
    public static string Rounded(double value)
    {
        if (value == 0 || !double.IsFinite(value))
        {
            return Short(value);
        }

        double step = Math.Pow(10, Math.Floor(Math.Log10(Math.Abs(value))) - 2);
        return Short(step > 1 ? Math.Round(value / step) * step : value);
    }

    /// <summary>The shortest text that reads back as the same number, for data files.</summary>
    /// <param name="value">The number.</param>
    public static string Exact(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
