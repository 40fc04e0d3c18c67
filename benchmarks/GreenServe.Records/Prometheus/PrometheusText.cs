using System.Globalization;
using System.Text;

namespace GreenServe.Records.Prometheus;

/// <summary>Reads Prometheus' text format. Source: Prometheus documentation, exposition formats.</summary>
public static class PrometheusText
{
    private const string Counter = "counter";

    /// <summary>The series of the wanted metrics. Other metrics and malformed lines are skipped.</summary>
    /// <param name="text">Text in Prometheus' format.</param>
    /// <param name="isWanted">Tells whether the metric of a name is wanted.</param>
    public static IEnumerable<PrometheusSeries> Series(string text, Func<string, bool> isWanted)
    {
        HashSet<string> counters = [];
        foreach (string raw in text.Split('\n'))
        {
            string line = raw.Trim();
            if (CounterOf(line) is { } counter)
            {
                counters.Add(counter);
                continue;
            }

            int nameEnd = line.AsSpan().IndexOfAny('{', ' ', '\t');
            if (nameEnd > 0 && line[0] != '#' && isWanted(line[..nameEnd]) && Parse(line, nameEnd, counters) is { } series)
            {
                yield return series;
            }
        }
    }

    /// <summary>
    /// The metric that a comment such as <c># TYPE node_joules_total counter</c> calls a counter; <c>null</c> for other lines.
    /// </summary>
    private static string? CounterOf(string line) =>
        line.StartsWith('#')
        && line.EndsWith(Counter, StringComparison.Ordinal)
        && line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries) is ["#", "TYPE", var name, Counter]
            ? name
            : null;

    private static PrometheusSeries? Parse(string line, int nameEnd, HashSet<string> counters)
    {
        Dictionary<string, string> labels = [];
        int position = nameEnd;
        if (line[position] == '{')
        {
            position++;
            while (position < line.Length && line[position] != '}')
            {
                if (!Label(line, ref position, labels))
                {
                    return null;
                }
            }

            position++;
        }

        if (position >= line.Length)
        {
            return null;
        }

        string[] rest = line[position..].Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
        return rest.Length > 0 && Number(rest[0]) is { } value
            ? new PrometheusSeries(line[..nameEnd], line[..position], labels, value)
            {
                IsStatedCounter = counters.Contains(line[..nameEnd]),
            }
            : null;
    }

    private static bool Label(string line, ref int position, Dictionary<string, string> labels)
    {
        int equals = line.IndexOf('=', position);
        if (equals < 0 || equals + 1 >= line.Length || line[equals + 1] != '"')
        {
            return false;
        }

        string name = line[position..equals].Trim(' ', ',');
        StringBuilder value = new();
        position = equals + 2;
        for (; position < line.Length && line[position] != '"'; position++)
        {
            bool isEscape = line[position] == '\\' && position + 1 < line.Length;
            position += isEscape ? 1 : 0;
            value.Append(isEscape && line[position] == 'n' ? '\n' : line[position]);
        }

        if (position >= line.Length)
        {
            return false;
        }

        labels[name] = value.ToString();
        position++;
        while (position < line.Length && line[position] is ',' or ' ')
        {
            position++;
        }

        return true;
    }

    private static double? Number(string text) => text switch
    {
        "NaN" => double.NaN,
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null,
    };
}

/// <summary>One series with its value: one line of Prometheus' text format.</summary>
/// <param name="Metric">Name of the metric, without labels.</param>
/// <param name="Text">Name and labels as they stand in the text.</param>
/// <param name="Labels">Labels by name, with their values unescaped.</param>
/// <param name="Value">Value of the series; it may be NaN or infinite.</param>
public sealed record PrometheusSeries(string Metric, string Text, IReadOnlyDictionary<string, string> Labels, double Value)
{
    /// <summary>Whether the page calls the metric a counter. The comment stands before the series, as the format requires.</summary>
    public bool IsStatedCounter { get; init; }
}
