using GreenServe.Running.Live;

namespace GreenServe.Cli.Live;

/// <summary>A search for a setting as lines of text.</summary>
internal static class LiveSearchText
{
    /// <summary>How far the search is, and the best setting so far.</summary>
    internal static IEnumerable<string> Lines(LiveSearch search)
    {
        int done = search.Trials.Count;
        yield return $"{LiveText.Count(done)} of at most {LiveText.Count(search.MaxSimulations)} simulations, "
            + $"{LiveText.Count(search.Feasible)} of them candidates";
        if (search.Best is { } best)
        {
            yield return $"best so far: {best.Words}{Numbers(search, best)}";
        }
    }

    private static string Numbers(LiveSearch search, LiveTrial best)
    {
        string objective = best.Objective is { } value ? $": {LiveText.Digits(value)} {search.Unit}" : "";
        string joules = best.JoulesPerOutputToken is { } energy && energy != best.Objective ? $", {LiveText.Digits(energy)} J/token" : "";
        string ratio = best.WorstRatio is { } worst ? $", worst latency at {LiveText.Digits(100 * worst)} % of its limit" : "";
        return objective + joules + ratio + (best.IsFeasible ? "" : "; it is no candidate");
    }
}
