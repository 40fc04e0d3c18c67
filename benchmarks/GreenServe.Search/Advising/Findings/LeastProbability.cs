using GreenServe.Analysis.Statistics;

namespace GreenServe.Search.Advising.Findings;

/// <summary>How likely each of several settings is the one of least objective.</summary>
/// <remarks>
/// Each draw moves the mean logarithm of every setting by what another set of repetitions would, and by what the simulator may be off by.
/// The repetitions of all settings are pairs (<see cref="ProbabilityOfMinimum.OfPairs"/>).
/// </remarks>
internal static class LeastProbability
{
    /// <summary>The probability of each setting to have the least, in [0, 1]; together they are 1.</summary>
    /// <param name="settings">The settings; at least one.</param>
    /// <param name="errors">What the simulator may be off by; <c>null</c> where that is not known or does not apply.</param>
    /// <returns><c>null</c> where fewer than two repetitions are common to all settings.</returns>
    internal static IReadOnlyList<double>? Of(IReadOnlyList<Candidate> settings, RatioErrors? errors)
    {
        (string Workload, ulong Seed)[] seeds = [.. settings
            .Select(setting => setting.Seeds)
            .Aggregate((common, own) => common.Intersect(own))
            .Order()];
        return seeds.Length < 2
            ? null
            : ProbabilityOfMinimum.OfPairs(
                [.. settings.Select(setting => seeds.Select(seed => Math.Log(setting.ValueOf(seed))).ToArray())], errors?.Root());
    }
}
