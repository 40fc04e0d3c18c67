using System.Globalization;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Slos;

namespace GreenServe.Workloads;

/// <summary>Reads an SLO that is written in one line, for example <c>ttft_p99=400ms,tbt_p99=100ms</c>.</summary>
internal static class SloText
{
    internal const string Allowed =
        "limits as METRIC_pPERCENTILE=TIME with commas between them, for example ttft_p99=400ms,tbt_p99=100ms. METRIC is ttft, tbt, tpot "
        + "or e2e. TIME has the unit ms or s";

    private const double DefaultPercentile = 99;

    /// <summary>Whether a text is an SLO in one line. Names and paths of profiles have no equals sign.</summary>
    internal static bool IsInline(string text) => text.Contains('=', StringComparison.Ordinal);

    /// <summary>Reads an SLO.</summary>
    /// <exception cref="InvalidInputException">Parts of the text are no limits. All of them are named.</exception>
    internal static SloProfile Parse(string text)
    {
        List<Problem> problems = [];
        List<SloLimit> limits = [];
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (LimitOf(part) is { } limit)
            {
                limits.Add(limit);
            }
            else
            {
                problems.Add(new Problem("slo", $"'{part}'", Allowed));
            }
        }

        return problems.Count > 0
            ? throw new InvalidInputException(problems)
            : new SloProfile { Name = text.Replace(" ", "", StringComparison.Ordinal), Source = "stated for this run", Limits = limits };
    }

    private static SloLimit? LimitOf(string part)
    {
        string[] sides = part.Split('=', StringSplitOptions.TrimEntries);
        if (sides is not [{ } name, { } time] || SecondsOf(time) is not { } seconds)
        {
            return null;
        }

        string[] words = name.Split("_p", 2);
        double? percentile = words.Length == 1 ? DefaultPercentile : NumberOf(words[1]);
        return MetricOf(words[0]) is { } metric && percentile is > 0 and <= 100
            ? new SloLimit { Metric = metric, Percentile = percentile.Value, LimitSeconds = seconds }
            : null;
    }

    private static SloMetric? MetricOf(string name)
    {
        foreach (SloMetric metric in Enum.GetValues<SloMetric>())
        {
            if (string.Equals(EnumText.Of(metric), name, StringComparison.OrdinalIgnoreCase))
            {
                return metric;
            }
        }

        return null;
    }

    private static double? SecondsOf(string time)
    {
        (string unit, double divisor) = time.EndsWith("ms", StringComparison.Ordinal) ? ("ms", 1000) : ("s", 1);
        return time.EndsWith(unit, StringComparison.Ordinal) && NumberOf(time[..^unit.Length]) is { } number and > 0
            ? number / divisor
            : null;
    }

    private static double? NumberOf(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)
        && double.IsFinite(number) ? number : null;
}
