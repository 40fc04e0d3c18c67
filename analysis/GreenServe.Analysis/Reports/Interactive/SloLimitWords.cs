using System.Globalization;
using System.Text.RegularExpressions;
using GreenServe.Analysis.Answers;

namespace GreenServe.Analysis.Reports.Interactive;

/// <summary>The limits of an SLO that a reader can loosen or tighten on the page, read from the words in the table of its grid.</summary>
/// <param name="TtftPercentile">The percentile of TTFT that is limited; 99 where none is.</param>
/// <param name="TtftSeconds">
/// The limit (s); <c>null</c> where TTFT is not limited in seconds, or differently for requests of one question.
/// </param>
/// <param name="TbtPercentile">The percentile of TBT that is limited; 99 where none is.</param>
/// <param name="TbtSeconds">The limit (s); <c>null</c> as for TTFT.</param>
internal sealed partial record SloLimitWords(int TtftPercentile, double? TtftSeconds, int TbtPercentile, double? TbtSeconds)
{
    // The percentiles that the tables hold.
    private static readonly int[] Known = [50, 90, 99];

    private const int Highest = 99;

    /// <summary>The limits of a question. A limit for some classes holds where the question is about one of them.</summary>
    internal static SloLimitWords Read(Answer answer) => Read(answer.SloLimits, [.. answer.InputParts.Select(part => part.Words)]);

    /// <summary>The limits in some words, for a question about some inputs.</summary>
    internal static SloLimitWords Read(string? words, IReadOnlyList<string> inputs)
    {
        Match[] limits = [.. Limit().Matches(words ?? "").Where(limit => Known.Contains(Percentile(limit)))
            .Where(limit => !limit.Groups["classes"].Success || limit.Groups["classes"].Value.Split(", ").Intersect(inputs).Any())];
        (int ttft, double? ttftSeconds) = Of(limits, "TTFT");
        (int tbt, double? tbtSeconds) = Of(limits, "TBT");
        return new SloLimitWords(ttft, ttftSeconds, tbt, tbtSeconds);
    }

    private static (int Percentile, double? Seconds) Of(Match[] limits, string metric)
    {
        Match[] own = [.. limits.Where(limit => limit.Groups["metric"].Value == metric)];
        return own is [var only] ? (Percentile(only), Seconds(only)) : (Highest, null);
    }

    private static int Percentile(Match limit) =>
        int.TryParse(limit.Groups["percentile"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : 0;

    private static double Seconds(Match limit) =>
        double.Parse(limit.Groups["value"].Value, NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture)
            / (limit.Groups["unit"].Value == "ms" ? 1000 : 1);

    // Words of LimitText: "TTFT at P99 of SS, SM 250 ms; TBT at P99 100 ms".
    [GeneratedRegex(
        @"(?<![^;] |\S)(?<metric>TTFT|TBT) at P(?<percentile>[\d.]+)(?: of (?<classes>[A-Z, ]+?))? "
        + @"(?<value>[\d.,]+) (?<unit>ms|s)(?=;|$)")]
    private static partial Regex Limit();
}
