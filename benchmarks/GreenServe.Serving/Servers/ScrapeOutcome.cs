using GreenServe.Records.Runs;
using GreenServe.Records.Verdicts;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Serving.Servers;

/// <summary>What a server's own metrics said over a run.</summary>
/// <param name="Scrapes">Times they were read.</param>
/// <param name="Failures">Times they could not be.</param>
/// <param name="NotScraped">Why there are none; <c>null</c> if there are.</param>
/// <param name="PrefixQueryTokens">Prompt tokens looked up in the prefix cache; <c>null</c> if it does not say.</param>
/// <param name="PrefixHitTokens">Prompt tokens found there; <c>null</c> if it does not say.</param>
public sealed record ScrapeOutcome(int Scrapes, int Failures, string? NotScraped, double? PrefixQueryTokens, double? PrefixHitTokens)
{
    private const double LargestSurplusRatio = 0.05;

    /// <summary>Counts for the record.</summary>
    public IReadOnlyDictionary<string, double> Counters
    {
        get
        {
            Dictionary<string, double> counters = new()
            {
                [RunCounter.ServerScrapes.Name] = Scrapes,
                [RunCounter.ServerScrapesFailed.Name] = Failures,
            };
            if (PrefixQueryTokens is { } queries && PrefixHitTokens is { } hits)
            {
                counters[RunCounter.ServerPrefixQueryTokens.Name] = queries;
                counters[RunCounter.ServerPrefixHitTokens.Name] = hits;
            }

            return counters;
        }
    }

    /// <summary>Objections: a prefix cache that held more than the workload shares has flattered the run.</summary>
    public IEnumerable<VerdictReason> Reasons(RequestSchedule schedule)
    {
        if (PrefixQueryTokens is not > 0 || PrefixHitTokens is not { } hits)
        {
            yield break;
        }

        double hitRatio = hits / PrefixQueryTokens.Value;
        double shared = schedule.Requests.Sum(request => request.PrefixGroup is null ? 0.0 : Math.Min(request.SharedPrefixTokens, request.InputTokens));
        double sharedRatio = shared / schedule.Requests.Sum(request => (double)request.InputTokens);
        if (hitRatio > sharedRatio + LargestSurplusRatio)
        {
            yield return new VerdictReason(VerdictCode.PrefixCache, FormattableString.Invariant(
                $"the server took {hitRatio:P1} of the prompt tokens from its prefix cache, the workload shares {sharedRatio:P1}"));
        }
    }
}
