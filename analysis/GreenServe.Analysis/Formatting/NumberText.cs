using System.Globalization;

namespace GreenServe.Analysis.Formatting;

/// <summary>Numbers as people read them. Files carry all digits; this is for tables, figures and reports.</summary>
public static class NumberText
{
    /// <summary>Four significant digits, no exponent between 0.0001 and 10 million, invariant.</summary>
    public static string Of(double value)
    {
        if (value == 0 || !double.IsFinite(value))
        {
            return value.ToString(CultureInfo.InvariantCulture);
        }

        double magnitude = Math.Abs(value);
        if (magnitude is < 1e-4 or >= 1e7)
        {
            return value.ToString("0.###e0", CultureInfo.InvariantCulture);
        }

        int decimals = Math.Clamp(3 - (int)Math.Floor(Math.Log10(magnitude)), 0, 7);
        string text = value.ToString("N" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return decimals == 0 ? text : text.TrimEnd('0').TrimEnd('.');
    }

    /// <summary>Three significant digits, for labels in figures.</summary>
    public static string Short(double value)
    {
        if (value == 0 || !double.IsFinite(value) || Math.Abs(value) is < 1e-4 or >= 1e7)
        {
            return value.ToString("0.##e0", CultureInfo.InvariantCulture);
        }

        int decimals = Math.Clamp(2 - (int)Math.Floor(Math.Log10(Math.Abs(value))), 0, 6);
        return Math.Round(value, decimals).ToString("#,0.######", CultureInfo.InvariantCulture);
    }

    /// <summary>A value with half the width of its interval: that in two significant digits, the value to the same place.</summary>
    public static string WithError(double value, double half)
    {
        if (half <= 0 || !double.IsFinite(half) || !double.IsFinite(value))
        {
            return Short(value);
        }

        int decimals = Math.Clamp(1 - (int)Math.Floor(Math.Log10(half)), 0, 10);
        string format = "N" + decimals.ToString(CultureInfo.InvariantCulture);
        return $"{value.ToString(format, CultureInfo.InvariantCulture)} ± {half.ToString(format, CultureInfo.InvariantCulture)}";
    }

    /// <summary>All digits that identify the number, for files.</summary>
    public static string Exact(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
