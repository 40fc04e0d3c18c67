using System.Globalization;
using GreenServe.Records;

namespace GreenServe.Search.Advising.Spaces;

/// <summary>What a user says of the knobs of a search.</summary>
internal sealed class KnobTexts
{
    /// <summary>The word for what the device or the engine does by itself.</summary>
    internal const string Default = "default";

    /// <summary>Place of a problem.</summary>
    internal const string Place = "--knobs";

    private const string Others = "others";
    private const int MaxValues = 10_000;

    private static readonly string Names = string.Join(", ", KnobNames.All);

    private readonly Dictionary<string, IReadOnlyList<string>?> values = new(StringComparer.Ordinal);
    private readonly List<Problem> problems = [];

    private KnobTexts()
    {
    }

    /// <summary>Every text that cannot be read.</summary>
    internal IReadOnlyList<Problem> Problems => problems;

    /// <summary>Whether knobs that are not named keep their defaults.</summary>
    internal bool KeepsOthers { get; private set; }

    /// <summary>Reads texts of the form <c>name=value,value</c>.</summary>
    internal static KnobTexts Read(IReadOnlyList<string> texts)
    {
        KnobTexts read = new();
        foreach (string text in texts)
        {
            read.Add(text);
        }

        return read;
    }

    /// <summary>Whether a knob is named.</summary>
    internal bool IsNamed(string name) => values.ContainsKey(name);

    /// <summary>Whether a knob keeps its default because the user names others alone.</summary>
    internal bool IsFixed(string name) => KeepsOthers && !IsNamed(name);

    /// <summary>The values that are stated for a knob, ranges written out; <c>null</c> where it has its default values.</summary>
    internal IReadOnlyList<string>? ValuesOf(string name) => values.GetValueOrDefault(name);

    private void Add(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        string name = (equals < 0 ? text : text[..equals]).Trim();
        string? stated = equals < 0 ? null : text[(equals + 1)..];
        if (name == Others)
        {
            KeepsOthers = stated?.Trim() == Default;
            AddProblemIf(!KeepsOthers, text, "others=default, so that knobs that are not named keep their defaults");
        }
        else if (!KnobNames.All.Contains(name))
        {
            problems.Add(new Problem(Place, $"'{name}'", $"one of {Names}, or others=default"));
        }
        else if (values.ContainsKey(name))
        {
            problems.Add(new Problem(Place, $"'{name}' twice", "each knob once, with all its values"));
        }
        else
        {
            values[name] = stated is null ? null : [.. Items(text, stated)];
        }
    }

    private IEnumerable<string> Items(string text, string stated)
    {
        string[] items = [.. stated.Split(',').Select(item => item.Trim())];
        AddProblemIf(items.Any(item => item.Length == 0), text, "name=value,value,... without empty values, or the name alone");
        return items.Where(item => item.Length > 0).SelectMany(item => Range(text, item));
    }

    /// <summary>The values of a range such as <c>1000..1980/60</c>; the item itself where it is none.</summary>
    private IEnumerable<string> Range(string text, string item)
    {
        int dots = item.IndexOf("..", StringComparison.Ordinal);
        int slash = item.LastIndexOf('/');

        // A path may hold dots and slashes, and begins with no number.
        if (dots <= 0 || !TryParse(item[..dots], out double first))
        {
            return [item];
        }

        if (slash < dots || !TryParse(item[(dots + 2)..slash], out double last) || !TryParse(item[(slash + 1)..], out double step)
            || !(first <= last && step > 0 && (last - first) / step < MaxValues))
        {
            problems.Add(new Problem(
                Place, $"'{text}'", $"a range as lowest..highest/step, for example 1000..1980/60, of at most {MaxValues} values"));
            return [];
        }

        int count = (int)Math.Floor(((last - first) / step) + 1e-9) + 1;
        return Enumerable.Range(0, count).Select(index => (first + (index * step)).ToString("0.######", CultureInfo.InvariantCulture));
    }

    private void AddProblemIf(bool isProblem, string text, string allowed)
    {
        if (isProblem)
        {
            problems.Add(new Problem(Place, $"'{text}'", allowed));
        }
    }

    private static bool TryParse(string text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);
}
