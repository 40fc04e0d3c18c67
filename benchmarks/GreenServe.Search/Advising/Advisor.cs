using GreenServe.Analysis.Advising;
using GreenServe.Analysis.Metrics;
using GreenServe.Analysis.Pricing;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Search.Advising.Capacities;
using GreenServe.Search.Advising.Deployments;
using GreenServe.Search.Advising.Findings;
using GreenServe.Search.Advising.Screening;
using GreenServe.Search.Advising.Searching;
using GreenServe.Search.Advising.Spaces;
using GreenServe.Search.Advising.Trials;
using GreenServe.Search.Tails;

namespace GreenServe.Search.Advising;

/// <summary>
/// Advises: searches the grid of settings on the simulator, looks around the best of them, plans capacity, and words what to set.
/// </summary>
public sealed class Advisor
{
    /// <summary>Times that the settings beside the cautious one are tried at most, or it is tried with every repetition.</summary>
    private const int MaxCautiousRounds = 8;

    private const string Repeated =
        "The workload has the same requests whatever the seed, so that one run stands behind each number. How much "
        + "it would differ with other requests is not known.";

    private const string Stopped =
        "The search was stopped before its end: better settings may not have been tried. Nothing here is the least that can be found.";

    private readonly AdviceRequest request;
    private readonly TailWorkload workload;
    private readonly SettingSpace space;
    private readonly SettingTrials trials;
    private readonly IReadOnlyList<RunRecord> records;
    private readonly TimeProvider clock;
    private readonly int repetitions;

    private Advisor(
        AdviceRequest request,
        TailWorkload workload,
        SettingTrials trials,
        SettingSpace space,
        IReadOnlyList<RunRecord> records,
        TimeProvider clock)
    {
        (this.request, this.workload, this.trials, this.space) = (request, workload, trials, space);
        (this.records, this.clock) = (records, clock);
        repetitions = trials.HasSameRequestsForEverySeed ? 1 : request.Repetitions;
    }

    /// <summary>The settings that are searched.</summary>
    public SettingSpace Space => space;

    /// <summary>Prepares an advice. Nothing is simulated.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="clock">Clock that tells how long the search took; <c>null</c> means the system's clock.</param>
    /// <exception cref="InvalidInputException">
    /// The request contradicts itself, or names what is not known. The exception lists every reason.
    /// </exception>
    public static Advisor For(AdviceRequest request, TimeProvider? clock = null)
    {
        List<Problem> problems = [];
        TailWorkload? workload = null;
        problems.AddRange(InvalidInputException.ProblemsOf(() => workload = TailWorkload.Of(request.Workload)));
        SettingTrials? trials = workload is null ? null : new SettingTrials(workload.Workload);
        SettingSpaceResult grid = SettingSpaceBuilder.Build(SpaceOf(request, trials));
        problems.AddRange(grid.Problems);
        problems.AddRange(ObjectiveNumbers.ProblemsOf(request.Objective, request.Prices));
        IReadOnlyList<RunRecord> records = [];
        problems.AddRange(InvalidInputException.ProblemsOf(() => records = RecordsOf(request)));
        return problems.Count > 0
            ? throw new InvalidInputException(problems.Distinct())
            : new Advisor(request, workload!, trials!, grid.Space!, records, clock ?? TimeProvider.System);
    }

    /// <summary>Searches and advises.</summary>
    /// <param name="watcher">Is told how far it is; <c>null</c> for nobody.</param>
    /// <param name="cancellationToken">Stops the search. The advice is then made of what was simulated.</param>
    /// <exception cref="InvalidInputException">No setting can exist. The exception says by how much nothing fits.</exception>
    public AdviceDocument Advise(IAdviceWatcher? watcher = null, CancellationToken cancellationToken = default)
    {
        long begun = clock.GetTimestamp();
        SettingSearchResult found = new SettingSearch(space, trials, SearchOptions(watcher)).Run(cancellationToken);
        AdviceEvidence evidence = EvidenceOf(found);
        watcher?.Enter("The settings around the best one are simulated.");
        evidence = cancellationToken.IsCancellationRequested ? evidence : WithFollowUps(evidence, found.FirstRepetition, cancellationToken);
        AdviceFindings findings = AdviceFindings.Of(evidence);
        AdviceDocument advice = findings.AddTo(Document(found, clock.GetElapsedTime(begun)));
        if (findings.Recommended is { } number && !cancellationToken.IsCancellationRequested)
        {
            advice = WithCapacity(advice, space[number], watcher, cancellationToken);
        }

        return advice with { Commands = DeploymentCommands.Of(advice, request.Workload.Folder) };
    }

    private static SettingSpaceRequest SpaceOf(AdviceRequest request, SettingTrials? trials) => new()
    {
        Model = request.Models[0],
        Folder = request.Workload.Folder,
        Gpus = request.Gpus,
        Engine = request.Engine,
        GpuLimit = request.GpuLimit,
        SharesPrefixes = trials?.ScheduleOf().Requests.Any(one => one.SharedPrefixTokens > 0) ?? false,
        Knobs = request.Models.Count > 1 ? [.. request.Knobs, $"{KnobNames.Model}={string.Join(',', request.Models)}"] : request.Knobs,
    };

    /// <summary>The records that were named. They are read before the search, which would be in vain if one were damaged.</summary>
    private static IReadOnlyList<RunRecord> RecordsOf(AdviceRequest request) =>
        request.RecordFolders.Count == 0 ? [] : [.. RunRecord.ReadAll(request.RecordFolders)];

    /// <summary>
    /// The settings that the user's records measured. A simulated run tells the workload and the SLO that they must have.
    /// </summary>
    private MeasuredSettings MeasuredBeside(RunMetrics run) =>
        new MeasuredRecords(run.Manifest, AdviceEvidence.SystemsOf(space), trials.SystemOf).Of(records);

    private SettingSearchOptions SearchOptions(IAdviceWatcher? watcher)
    {
        TokenPrices prices = request.Prices;
        return new SettingSearchOptions
        {
            GpuLimit = request.GpuLimit,
            Objective = run => ObjectiveNumbers.ValueOf(request.Objective, run, (int)(run.GpusUsed.Value ?? 1), prices),
            EstimatedObjective = estimate => EstimateOf(estimate, prices),
            Repetitions = repetitions,
            Progress = watcher is null ? null : watcher.Saw,
        };
    }

    /// <summary>Estimates rank settings alone, so that the unit of a cost does not matter.</summary>
    private double EstimateOf(SettingEstimate estimate, TokenPrices prices) => request.Objective switch
    {
        AdviceObjective.Power => estimate.MeanWatts,
        AdviceObjective.Cost =>
            prices.CostOfToken(estimate.JoulesPerOutputToken, estimate.OutputTokensPerSecond, estimate.Gpus) ?? double.PositiveInfinity,
        _ => estimate.JoulesPerOutputToken,
    };

    private AdviceEvidence EvidenceOf(SettingSearchResult found) => new()
    {
        Space = space,
        Objective = request.Objective,
        Prices = request.Prices,
        Runs = found.Trials.GroupBy(trial => trial.Number).ToDictionary(group => group.Key, LongestRuns),
        Finalists = [.. found.Finalists.Select(finalist => finalist.Number)],
        SystemOf = trials.SystemOf,
        Measured = found.Trials is [{ } first, ..] ? MeasuredBeside(first.Metrics) : MeasuredSettings.None,
    };

    private static IReadOnlyList<RunMetrics> LongestRuns(IEnumerable<SettingTrial> ofSetting)
    {
        SettingTrial[] all = [.. ofSetting];
        int longest = all.Max(trial => trial.Requests);
        return [.. all.Where(trial => trial.Requests == longest).OrderBy(trial => trial.Repetition).Select(trial => trial.Metrics)];
    }

    /// <summary>The evidence with the runs around the recommended setting, and with those of the defaults.</summary>
    private AdviceEvidence WithFollowUps(AdviceEvidence evidence, int repetition, CancellationToken cancellationToken)
    {
        Dictionary<long, IReadOnlyList<RunMetrics>> runs = new(evidence.Runs);
        long[] missing = [.. FollowUps.Missing(evidence).Where(number => CanExist(space[number]))];
        foreach ((long number, RunMetrics metrics) in EveryCore.Select(missing, number => (number, trials.Run(space[number], repetition))))
        {
            runs[number] = [metrics];
        }

        AdviceEvidence looked = WithCautious(evidence with { Runs = runs }, repetition, cancellationToken);
        int recommendedGpus = AdviceFindings.Of(looked).Recommended is { } recommended ? space[recommended].Gpus : request.GpuLimit;
        int[] sizes = [.. new[] { request.GpuLimit, recommendedGpus }.Distinct()];
        ServingSetting[] defaults = [.. sizes.Select(DefaultOf).OfType<ServingSetting>()];
        (ServingSetting Setting, int Repetition)[] planned =
            [.. from setting in defaults from other in Enumerable.Range(0, repetitions) select (setting, other)];
        RunMetrics[] ofDefaults = [.. EveryCore.Select(planned, one => trials.Run(one.Setting, one.Repetition))];
        return looked with
        {
            Defaults = [.. defaults.Select((setting, index) => new SettingRuns(
                setting, [.. ofDefaults.Skip(index * repetitions).Take(repetitions)]))],
        };
    }

    /// <summary>
    /// The evidence with runs around the settings that meet the SLO at the far end of the error bands, until none beside the least is less.
    /// </summary>
    private AdviceEvidence WithCautious(AdviceEvidence evidence, int repetition, CancellationToken cancellationToken)
    {
        for (int round = 0; round < MaxCautiousRounds && !cancellationToken.IsCancellationRequested; round++)
        {
            CautiousFollowUp next = FollowUps.CautiousMissing(evidence);
            long[] beside = [.. next.Beside.Where(number => CanExist(space[number]))];
            (long Number, int Repetition)[] planned = beside.Length > 0
                ? [.. beside.Select(number => (number, repetition))]
                : next.Unconfirmed is { } number ? [.. Enumerable.Range(0, repetitions).Select(other => (number, other))] : [];
            if (planned.Length == 0)
            {
                break;
            }

            RunMetrics[] ended = [.. EveryCore.Select(planned, one => trials.Run(space[one.Number], one.Repetition))];
            Dictionary<long, IReadOnlyList<RunMetrics>> runs = new(evidence.Runs);
            foreach (IGrouping<long, RunMetrics> own in planned.Zip(ended).GroupBy(pair => pair.First.Number, pair => pair.Second))
            {
                runs[own.Key] = [.. own];
            }

            evidence = evidence with { Runs = runs };
        }

        return evidence;
    }

    /// <summary>
    /// What someone runs who sets nothing but the number of accelerators: the widest tensor parallelism that the model and the accelerator
    /// allow, as many instances as there are accelerators for, and the defaults of engine and device; <c>null</c> where none can exist.
    /// </summary>
    private ServingSetting? DefaultOf(int gpus) =>
        Enumerable.Range(1, gpus).Reverse()
            .Where(degree => gpus % degree == 0)
            .Select(degree => new ServingSetting
            {
                Gpu = request.Gpus[0],
                Engine = request.Engine,
                Model = request.Models[0],
                Knobs = new Knobs { TensorParallelism = degree },
                Replicas = gpus / degree,
            })
            .FirstOrDefault(CanExist);

    private bool CanExist(ServingSetting setting) => setting.Gpus <= request.GpuLimit && trials.Check(setting).Count == 0;

    private AdviceDocument Document(SettingSearchResult found, TimeSpan took) => new()
    {
        WorkloadName = request.Workload.Name,
        Workload = DocumentContract.ToNode(workload.Workload)!,
        WorkloadChanges = workload.Changes,
        Slo = request.Workload.Slo,
        Objective = request.Objective,
        Currency = request.Currency,
        Grid = request.Grid?.Provenance,
        GpuLimit = request.GpuLimit,
        Search = found.Summary with
        {
            Simulations = trials.Simulations,
            SimulatedRequests = trials.SimulatedRequests,
            Seconds = took.TotalSeconds,
        },
        Finalists = [],
        Warnings =
        [
            .. found.IsCancelled ? [Stopped] : Array.Empty<string>(),
            .. repetitions < request.Repetitions ? [Repeated] : Array.Empty<string>(),
            .. workload.Warnings,
        ],
    };

    private AdviceDocument WithCapacity(
        AdviceDocument advice, ServingSetting recommended, IAdviceWatcher? watcher, CancellationToken cancellationToken)
    {
        if (!request.PlansCapacity || request.Workload.Slo is null)
        {
            return advice;
        }

        watcher?.Enter("Fleets, loads and budgets of power are simulated.");
        CapacityOptions options = new() { Progress = watcher is null ? null : watcher.Enter };
        AdviceCapacity capacity = new CapacityPlanner(trials, options).Plan(recommended, cancellationToken);
        return advice with { Capacity = capacity };
    }
}

/// <summary>Is told how far an advice is. Calls come one at a time, from any thread.</summary>
public interface IAdviceWatcher
{
    /// <summary>Is told what is done from now on.</summary>
    /// <param name="activity">What is done, in a sentence.</param>
    void Enter(string activity);

    /// <summary>Is told of a simulation that has ended.</summary>
    /// <param name="progress">The simulation, and how far the search is.</param>
    void Saw(SettingSearchProgress progress);
}
