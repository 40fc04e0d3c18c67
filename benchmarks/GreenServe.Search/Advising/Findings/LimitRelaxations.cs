using GreenServe.Analysis.Advising;

namespace GreenServe.Search.Advising.Findings;

/// <summary>What one looser limit of the SLO would buy, where every other limit stays as it is.</summary>
internal static class LimitRelaxations
{
    /// <summary>Saving below which a looser limit is not worth saying.</summary>
    internal const double MinSavingShare = 0.01;

    /// <summary>New limits over the old one.</summary>
    private static readonly double[] Factors = [1.25, 1.5, 2];

    /// <summary>
    /// The settings that a looser limit would make possible and that seem to be less than the recommended one: a few for each limit and
    /// factor, those of least objective first.
    /// </summary>
    /// <param name="settings">Every setting that was simulated.</param>
    /// <param name="recommended">The recommended setting.</param>
    /// <param name="count">Settings of each limit and factor.</param>
    internal static IEnumerable<Candidate> Possible(IReadOnlyCollection<Candidate> settings, Candidate recommended, int count) =>
        Enumerable.Range(0, recommended.Advised.Limits.Count).SelectMany(limit => Factors.SelectMany(factor =>
            Within(settings, limit, factor).Where(setting => setting.ObjectiveValue < recommended.ObjectiveValue * (1 - MinSavingShare))
                .OrderBy(setting => setting.ObjectiveValue).ThenBy(setting => setting.Number).Take(count))).Distinct();

    /// <summary>
    /// The relaxations that save at least 1 %. A larger factor is named only where it saves at least 1 % more than a smaller one.
    /// </summary>
    /// <param name="settings">Settings that served the same requests as the recommended one.</param>
    /// <param name="recommended">The recommended setting.</param>
    internal static IEnumerable<LimitRelaxation> Of(IReadOnlyCollection<Candidate> settings, Candidate recommended)
    {
        for (int limit = 0; limit < recommended.Advised.Limits.Count; limit++)
        {
            double named = 0;
            foreach (double factor in Factors)
            {
                Candidate? best = Within(settings, limit, factor)
                    .Where(setting => setting.IsPairedWith(recommended))
                    .OrderBy(setting => setting.ChangeAgainst(recommended)).ThenBy(setting => setting.Number).FirstOrDefault();
                if (best?.ChangeAgainst(recommended) is { } change && -change >= named + MinSavingShare)
                {
                    named = -change;
                    yield return Relaxation(recommended.Advised.Limits[limit], factor, named, best);
                }
            }
        }
    }

    private static LimitRelaxation Relaxation(LimitMargin limit, double factor, double saving, Candidate best) => new(
        limit.Metric, limit.Percentile, limit.Classes, limit.LimitSeconds * (factor - 1), factor, saving, best.Advised.Words);

    /// <summary>Settings that miss one limit by no more than a factor and keep every other.</summary>
    private static IEnumerable<Candidate> Within(IEnumerable<Candidate> settings, int limit, double factor) => settings.Where(setting =>
        setting.Advised is { Reasons.Count: 0, ObjectiveValue: not null, MeetsSlo: not null } advised
        && advised.Limits[limit].Ratio is > 1 and var ratio && ratio <= factor
        && advised.Limits.Where((_, index) => index != limit).All(other => other.Ratio is null or <= 1));
}
