using GreenServe.Analysis.Advising;
using GreenServe.Analysis.Metrics;
using GreenServe.Analysis.Pricing;
using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Running;
using GreenServe.Search.Advising.Deployments;
using GreenServe.Workloads;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Search.Advising.Verification;

/// <summary>Measures the finalists of an advice on a real server, and says whether the advice stood.</summary>
/// <remarks>
/// A server that GreenServe starts gets the knobs of each finalist on its command line, and is started anew for each run. A running server
/// is taken to have the recommended setting; finalists with another clock or power cap can be measured on it too. The repetitions go
/// round: every finalist has its first run before any has its second, and each round begins with another finalist, so that a machine that
/// becomes warmer or slower favours none. A clock or a power cap is set with the user's permission alone.
/// </remarks>
/// <param name="options">What runs the points, as for <c>greenserve run</c>. The simulated backend is refused.</param>
public sealed class AdviceVerifier(PointRunnerOptions options)
{
    /// <summary>The default of <see cref="Repetitions"/>.</summary>
    public const int DefaultRepetitions = 3;

    /// <summary>Runs of each finalist, each with a seed of its own.</summary>
    /// <value>1 or more; default 3. One run tells no spread.</value>
    public int Repetitions { get; init; } = DefaultRepetitions;

    /// <summary>What energy and accelerators cost.</summary>
    /// <value>Default: nothing was stated.</value>
    public TokenPrices Prices { get; init; } = new();

    /// <summary>Name of the twin that is fitted to the runs, without ending; <c>null</c> for none.</summary>
    public string? TwinName { get; init; }

    /// <summary>Folder that relative paths in the workload start from; <c>null</c> for the current one.</summary>
    public string? WorkloadFolder { get; init; }

    /// <summary>Receives each run that has ended, with its verdict or the reason why it could not run.</summary>
    public Action<OperatingPoint, string> Finished { get; init; } = (_, _) => { };

    /// <summary>Measures the finalists.</summary>
    /// <param name="advice">The advice.</param>
    /// <param name="folder">Folder for the run records, and for the twin; new or empty.</param>
    /// <param name="cancellationToken">Stops the runs. The records stay.</param>
    /// <exception cref="InvalidInputException">The backend measures nothing, or the document holds no valid workload.</exception>
    /// <exception cref="OperationCanceledException">The runs were stopped.</exception>
    public async Task<AdviceVerification> RunAsync(AdviceDocument advice, string folder, CancellationToken cancellationToken)
    {
        if (options.Backend == BackendKind.Simulated)
        {
            throw new InvalidInputException(new Problem(
                "--verify",
                "the simulator, which made the prediction",
                "the address of a running server, or the file of a server to start"));
        }

        if (TwinName is not null && Path.GetFileName(TwinName) != TwinName)
        {
            throw new InvalidInputException(new Problem("--recalibrate", TwinName, "a name without a folder"));
        }

        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        Workload workload = AdvisedWorkload.Of(advice, WorkloadFolder);
        VerificationPlan plan = new(options, workload);
        await plan.SortAsync(advice).ConfigureAwait(false);
        OutputFolder.Create(folder);
        Dictionary<int, List<RunRecord>> records = plan.Candidates.ToDictionary(candidate => candidate.Rank, _ => new List<RunRecord>());
        Dictionary<int, string> failures = [];
        options.Measurement.Live.Plan(plan.Candidates.Count * Repetitions);
        foreach ((VerificationCandidate candidate, int repetition) in Rounds(plan.Candidates, Repetitions))
        {
            if (!failures.ContainsKey(candidate.Rank))
            {
                await RunAsync(plan, candidate, repetition, folder, records[candidate.Rank], failures, cancellationToken)
                    .ConfigureAwait(false);
            }
        }

        string[] failed =
            [.. plan.Candidates.Where(one => failures.ContainsKey(one.Rank)).Select(one => $"{one.Predicted.Words}: {failures[one.Rank]}")];
        VerifiedRuns[] measured =
        [
            .. plan.Candidates.Where(candidate => records[candidate.Rank].Count > 0).Select(candidate => new VerifiedRuns(
                candidate.Predicted, [.. records[candidate.Rank].Select(RunMetrics.Of)], Path.Combine(name, candidate.Name))),
        ];
        AdviceVerification verification = VerificationFindings.Of(advice, measured, Prices, [.. plan.Refused, .. failed]);
        return TwinName is null
            ? verification
            : VerifiedTwin.Added(verification, [.. records.Values.SelectMany(list => list)], folder, TwinName, advice);
    }

    /// <summary>
    /// Every repetition of every finalist, in an order that favours none: round by round, and each round begins with another one.
    /// </summary>
    internal static IEnumerable<(T Finalist, int Repetition)> Rounds<T>(IReadOnlyList<T> finalists, int repetitions) =>
        from repetition in Enumerable.Range(0, repetitions)
        from place in Enumerable.Range(0, finalists.Count)
        select (finalists[(repetition + place) % finalists.Count], repetition);

    private async Task RunAsync(
        VerificationPlan plan,
        VerificationCandidate candidate,
        int repetition,
        string folder,
        List<RunRecord> records,
        Dictionary<int, string> failures,
        CancellationToken cancellationToken)
    {
        OperatingPoint point = plan.PointOf(candidate, repetition);
        await using IPointRunner runner = PointRunner.Open(candidate.Options with { Points = [point] });
        try
        {
            RunRecord record = await runner
                .RunAsync(point, Path.Combine(folder, candidate.Name, point.Id), cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            records.Add(record);
            Finished(point, record.Manifest.Verdict.ToString());
        }
        catch (Exception exception) when (exception is UnavailableException or InvalidInputException)
        {
            // The other finalists may run all the same.
            failures[candidate.Rank] = exception.Message;
            Finished(point, $"not run: {exception.Message}");
        }
    }
}
