using GreenServe.Analysis.Advising;
using GreenServe.Analysis.Metrics;
using GreenServe.Records;
using GreenServe.Records.Systems;
using GreenServe.Search.Advising.Screening;
using GreenServe.Search.Advising.Spaces;
using GreenServe.Search.Advising.Trials;
using GreenServe.Search.Tails;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Search.Advising.Searching;

/// <summary>Searches a grid for the setting that meets the SLO of a workload for the least of an objective.</summary>
/// <param name="space">The grid.</param>
/// <param name="trials">Simulates its settings with the requests of the workload.</param>
/// <param name="options">How the search goes.</param>
public sealed class SettingSearch(SettingSpace space, SettingTrials trials, SettingSearchOptions options)
{
    /// <summary>Judged requests of the shortest simulation of a long search.</summary>
    private const int ShortestRung = 250;

    /// <summary>Factor between the numbers of requests of a rung and the next.</summary>
    private const int RungFactor = 4;

    /// <summary>Searches.</summary>
    /// <param name="cancellationToken">Stops the search, which then returns what it has.</param>
    /// <exception cref="InvalidInputException">
    /// No setting of the grid can exist, or the trace of the workload cannot be read. The exception says by how much nothing fits.
    /// </exception>
    public SettingSearchResult Run(CancellationToken cancellationToken = default)
    {
        long started = options.Clock.GetTimestamp();
        PossibleSettings possible = PossibleSettings.Of(space, trials, options.GpuLimit);
        long requestsBefore = trials.SimulatedRequests;
        SteadyEstimates estimates = new(trials);
        IReadOnlyList<int> rungs = RungsOf(trials);
        GridSearch search = new(
            new SearchLandscape
            {
                Space = space,
                Possible = possible.Numbers,
                Rungs = rungs,
                Run = (number, repetition, requests) => RunTrial(number, repetition, requests, requests == rungs[^1]),
                Estimate = number => ScoreOf(estimates.Of(space[number])),
                Kind = number => KindOf(space, number),
                Complexity = number => SettingText.ChangedKnobs(space[number]),
            },
            options,
            cancellationToken);
        search.Run();
        return new SettingSearchResult
        {
            Space = space,
            Possible = possible.Numbers.Count,
            Refused = possible.Refused,
            Trials = search.Trials,
            Finalists = search.Finalists,
            FirstRepetition = search.FirstRepetition,
            SimulatedRequests = trials.SimulatedRequests - requestsBefore,
            Seconds = options.Clock.GetElapsedTime(started).TotalSeconds,
            IsExact = search.IsExact,
            IsCancelled = search.IsCancelled,
        };
    }

    /// <summary>
    /// Numbers of requests of a simulation in rising order, each with those of the warm-up. The last one is the full length.
    /// </summary>
    internal static IReadOnlyList<int> RungsOf(SettingTrials trials)
    {
        RequestSchedule schedule = trials.ScheduleOf();
        int warmUp = TailWorkload.WarmUpOf(schedule);
        List<int> rungs = [schedule.Requests.Count];
        for (int judged = (schedule.Requests.Count - warmUp) / RungFactor; judged >= ShortestRung; judged /= RungFactor)
        {
            rungs.Insert(0, warmUp + judged);
        }

        return rungs;
    }

    /// <summary>Number of the values on the axes that decide about accelerators, instances and number format.</summary>
    internal static long KindOf(SettingSpace space, long number)
    {
        int[] coordinates = space.CoordinatesOf(number);
        for (int axis = 0; axis < coordinates.Length; axis++)
        {
            coordinates[axis] = KnobNames.Sizing.Contains(space.Axes[axis].Name) ? coordinates[axis] : 0;
        }

        return space.NumberOf(coordinates);
    }

    private SettingTrial RunTrial(long number, int repetition, int requests, bool isFull)
    {
        ServingSetting setting = space[number];
        RunMetrics metrics = trials.Run(setting, repetition, isFull ? null : requests);
        SettingScore score = SettingScore.Of(metrics, options.Objective, isFull);
        return new SettingTrial(number, setting, repetition, requests, isFull, score, metrics);
    }

    private SettingScore ScoreOf(SettingEstimate estimate) => new(options.EstimatedObjective(estimate), estimate.WorstRatio);
}
