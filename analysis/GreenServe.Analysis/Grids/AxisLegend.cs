using GreenServe.Analysis.Advising;
using GreenServe.Records;

namespace GreenServe.Analysis.Grids;

/// <summary>Words and unit of an axis that the suite does not know, from its name.</summary>
internal static class AxisLegend
{
    // A longer name leaves no room for the figure.
    private const int MaxLetters = 48;

    // The endings that names of quantities have in files, each with its unit. The first that fits counts.
    private static readonly (string Ending, string Unit)[] Units =
    [
        ("_requests_per_second", "requests/s"), ("_tokens_per_second", "tokens/s"), ("_megahertz", "MHz"), ("_watts", "W"),
        ("_milliseconds", "ms"), ("_seconds", "s"), ("_joules", "J"), ("_tokens", "tokens"), ("_bytes", "bytes"), ("_celsius", "°C"),
    ];

    /// <summary>The legend of an axis, for example <c>Wait (s)</c> for <c>wait_seconds</c>.</summary>
    internal static string Of(string name)
    {
        (string ending, string unit) = Units.FirstOrDefault(
            one => name.EndsWith(one.Ending, StringComparison.Ordinal) && name.Length > one.Ending.Length, (Ending: "", Unit: ""));
        string words = SettingText.NameOf(name);

        // A name that the suite has words for needs no unit in its words.
        bool isPlain = words == name.Replace('_', ' ');
        string text = ShownText.OneLine(isPlain ? SettingText.NameOf(name[..^ending.Length]) : words, MaxLetters);
        return $"{char.ToUpperInvariant(text[0])}{text[1..]}{(unit.Length > 0 ? $" ({unit})" : "")}";
    }
}
