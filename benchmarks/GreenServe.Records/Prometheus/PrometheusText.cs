using System.Globalization;
using System.Text;

namespace GreenServe.Records.Prometheus;

/// <summary>Reads Prometheus' text format. Source: Prometheus documentation, exposition formats.</summary>
public static class PrometheusText
{
    /// <summary>Every series of some metrics; comments, other metrics and lines that are no series are passed over.</summary>
    /// <param name="text">What was exposed.</param>
    /// <param name="isWanted">Whether a metric of this name is.</param>
    public static IEnumerable<PrometheusSeries> Series(string text, Func<string, bool> isWanted)
    {
        foreach (string raw in text.Split('\n'))
        {
            string line = raw.Trim();
            int nameEnd = line.AsSpan().IndexOfAny('{', ' ', '\t');
            if (nameEnd > 0 && line[0] != '#' && isWanted(line[..nameEnd]) && Parse(line, nameEnd) is { } series)
            {
                yield return series;
            }
        }
    }

    private static PrometheusSeries? Parse(string line, int nameEnd)
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

/// <summary>One line of Prometheus' text format.</summary>
/// <param name="Metric">Name of the metric.</param>
/// <param name="Text">Name and labels as they were exposed.</param>
/// <param name="Labels">Its labels, unescaped.</param>
/// <param name="Value">Its value; may be NaN or infinite.</param>
public sealed record PrometheusSeries(string Metric, string Text, IReadOnlyDictionary<string, string> Labels, double Value);
