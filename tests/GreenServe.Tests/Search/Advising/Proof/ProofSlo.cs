using GreenServe.Records.Slos;
using GreenServe.Search.Advising.Searching;

namespace GreenServe.Tests.Search.Advising.Proof;

/// <summary>An SLO with one limit on the time to first token and one on the time between tokens.</summary>
/// <param name="TtftSeconds">Limit of the first (s).</param>
/// <param name="TbtSeconds">Limit of the second (s).</param>
/// <param name="Percentile">Percentile of both: 90 or 99.</param>
internal sealed record ProofSlo(double TtftSeconds, double TbtSeconds, int Percentile)
{
    internal SloProfile Profile => AdvisorWorkloads.Slo(TtftSeconds, TbtSeconds, Percentile);

    internal SettingScore ScoreOf(double[] row) => new(
        row[0], Math.Max(row[Percentile == 99 ? 1 : 2] / TtftSeconds, row[Percentile == 99 ? 3 : 4] / TbtSeconds));

    /// <summary>SLOs that a given share of a grid's settings can keep, from tight to loose.</summary>
    internal static IEnumerable<ProofSlo> Of(ExhaustiveTable table)
    {
        foreach (int percentile in (int[])[99, 90])
        {
            double[] ttft = [.. table.Possible.Select(number => table[number][percentile == 99 ? 1 : 2]).Order()];
            double[] tbt = [.. table.Possible.Select(number => table[number][percentile == 99 ? 3 : 4]).Order()];
            (double Ttft, double Tbt)[] shares = percentile == 99
                ? [(0.1, 0.1), (0.1, 0.6), (0.3, 0.3), (0.3, 0.9), (0.6, 0.1), (0.6, 0.6), (0.8, 0.4), (0.9, 0.9)]
                : [(0.05, 0.5), (0.2, 0.2), (0.4, 0.8), (0.5, 0.05), (0.7, 0.7)];
            foreach ((double share, double other) in shares)
            {
                yield return new ProofSlo(ttft[(int)(share * (ttft.Length - 1))], tbt[(int)(other * (tbt.Length - 1))], percentile);
            }
        }
    }
}
