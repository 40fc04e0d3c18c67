namespace GreenServe.Cli.Terminal;

/// <summary>A course of values as one line of bars.</summary>
internal static class TerminalSparkline
{
    private const string Bars = "▁▂▃▄▅▆▇█";

    /// <summary>
    /// Draws one bar for each value, scaled from the lowest value to the highest. Equal values are low bars. Without values the
    /// text is empty.
    /// </summary>
    internal static string Of(IReadOnlyCollection<double> values)
    {
        if (values.Count == 0)
        {
            return "";
        }

        double low = values.Min();
        double range = values.Max() - low;
        return string.Concat(values.Select(value => Bars[range > 0 ? BarOf((value - low) / range) : 0]));
    }

    /// <summary>The bar of a height from 0 to 1. The full height has no bar of its own and gets the highest.</summary>
    private static int BarOf(double height) => (int)Math.Min(Bars.Length - 1, height * Bars.Length);
}
