using System.Globalization;

namespace GreenServe.Serving.Servers;

/// <summary>Prometheus' text format, as far as single values go.</summary>
public static class PrometheusText
{
    /// <summary>Every sample with a finite value: name with labels as exposed, and the value. Lines that are none are left out.</summary>
    public static IEnumerable<(string Name, double Value)> Parse(string text)
    {
        foreach (string raw in text.Split('\n'))
        {
            string line = raw.Trim();
            int end = EndOfName(line);
            if (line.Length == 0 || line[0] == '#' || end <= 0)
            {
                continue;
            }

            // A timestamp may follow the value.
            string value = line[end..].Trim().Split(' ', 2)[0];
            if (double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number))
            {
                yield return (line[..end].Trim(), number);
            }
        }
    }

    /// <summary>Where name and labels end; label values may hold spaces, braces and escaped quotes.</summary>
    private static int EndOfName(string line)
    {
        bool isQuoted = false;
        bool hasLabels = false;
        for (int index = 0; index < line.Length; index++)
        {
            char letter = line[index];
            if (isQuoted && letter == '\\')
            {
                index++;
            }
            else if (letter == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (!isQuoted && letter == '{')
            {
                hasLabels = true;
            }
            else if (!isQuoted && letter == '}')
            {
                return index + 1;
            }
            else if (!isQuoted && !hasLabels && char.IsWhiteSpace(letter))
            {
                return index;
            }
        }

        return -1;
    }
}
