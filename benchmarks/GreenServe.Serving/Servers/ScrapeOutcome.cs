using GreenServe.Records.Runs;
using GreenServe.Records.Verdicts;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Serving.Servers;

/// <summary>The result of scraping a server's own metrics during a run.</summary>
/// <param name="Scrapes">Number of times the metrics were read.</param>
/// <param name="Failures">Number of times they could not be read.</param>
/// <param name="NotScraped">Why no metric was read; <c>null</c> where at least one was.</param>
/// <param name="PrefixQueryTokens">
/// Prompt tokens that the server looked up in its prefix cache during the run; <c>null</c> where it does not count them.
/// </param>
/// <param name="PrefixHitTokens">Prompt tokens that it found there; <c>null</c> where it does not count them.</param>
public sealed record ScrapeOutcome(int Scrapes, int Failures, string? NotScraped, double? PrefixQueryTokens, double? PrefixHitTokens)
{
    /// <summary>
    /// Share of the prompt tokens that may come from the cache beyond what the workload shares: caches work in blocks, and chat templates
    /// put the same tokens before each prompt.
    /// </summary>
    private const double MaxSurplusRatio = 0.05;

    /// <summary>The counts for the run record, by the names that <c>run.json</c> uses.</summary>
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

    /// <summary>
    /// Finds the verdict reasons against the run: a prefix cache that held more than the workload shares made the run look better than it
    /// was.
    /// </summary>
    /// <param name="schedule">The schedule of the run, which tells what its prompts share.</param>
    /// <returns>No reason or one. There is none for a server that does not count its cache.</returns>
    public IEnumerable<VerdictReason> Reasons(RequestSchedule schedule)
    {
        if (PrefixQueryTokens is not > 0 || PrefixHitTokens is not { } hits)
        {
            yield break;
        }

        double hitRatio = hits / PrefixQueryTokens.Value;
        double shared = schedule.Requests.Sum(request => (double)Math.Min(request.SharedPrefixTokens, request.InputTokens));
        double sharedRatio = shared / schedule.Requests.Sum(request => (double)request.InputTokens);
        if (hitRatio > sharedRatio + MaxSurplusRatio)
        {
            yield return new VerdictReason(VerdictCode.PrefixCache, FormattableString.Invariant(
                $"the server took {hitRatio:P1} of the prompt tokens from its prefix cache, the workload shares {sharedRatio:P1}"));
        }
    }
}
