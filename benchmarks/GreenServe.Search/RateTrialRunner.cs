using System.Globalization;
using GreenServe.Analysis.Metrics;
using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Records.Verdicts;
using GreenServe.Running;
using GreenServe.Search.Tails;
using GreenServe.Workloads;
using GreenServe.Workloads.Arrivals;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Search;

/// <summary>Runs one load of a rate search and judges its record.</summary>
/// <param name="runner">Runs the operating point.</param>
/// <param name="point">The operating point whose load is searched; its workload has an SLO.</param>
/// <param name="folder">Folder for the records, one for each run.</param>
/// <param name="output">Receives one line for each run with its outcome.</param>
/// <param name="lengthenedFor">
/// Number of runs of a load that all get enough requests for the tails of the SLO, where requests cost little; <c>null</c> to leave the
/// workload as it is.
/// </param>
/// <remarks>
/// The seed of a run is the workload's seed plus the number of the run, whatever the load. Runs of one number serve the same requests at
/// every load: the same lengths, and the same arrivals scaled by the load.
/// </remarks>
public sealed class RateTrialRunner(
    IPointRunner runner, OperatingPoint point, string folder, TextWriter output, int? lengthenedFor = null)
{
    /// <summary>The kinds of arrivals whose load is a single number, in words.</summary>
    public const string SingleRates = "constant, poisson, gamma, stages or closed_loop";

    private const int MaxTries = 3;

    private readonly Dictionary<double, Workload> workloads = [];

    /// <summary>Whether the load of a workload is a single number, so that it can be searched.</summary>
    public static bool HasSingleRate(Workload workload) =>
        workload.Arrival is ClosedLoopArrival or PoissonArrival or GammaArrival or ConstantArrival or StagedArrival;

    /// <summary>Runs one trial. A run that the client disturbed is repeated, up to three times.</summary>
    /// <param name="load">The load: requests per second, or users of a closed loop.</param>
    /// <param name="repetition">Number of the run at this load, from 0. It is added to the workload's seed.</param>
    /// <param name="cancellationToken">Stops the trial.</param>
    /// <exception cref="UnavailableException">
    /// The run says nothing about the server: the client was the bottleneck, or the load was not steady.
    /// </exception>
    public async Task<RateTrial> RunAsync(double load, int repetition, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            string retry = attempt > 1 ? string.Create(CultureInfo.InvariantCulture, $"-try-{attempt}") : "";
            string name = string.Create(CultureInfo.InvariantCulture, $"load-{load:G6}-run-{repetition}{retry}");
            string place = Path.Combine(folder, name);
            OperatingPoint trialPoint = point with { Workload = At(load, repetition) };
            RunRecord record = await runner.RunAsync(trialPoint, place, cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();

            RunMetrics metrics = RunMetrics.Of(record);

            // A reason about the load is an answer to the question that was asked. Reasons about energy and metering do not matter,
            // since an SLO does not limit energy.
            VerdictReason? doubt = metrics.Reasons.FirstOrDefault(reason =>
                reason.Subject is not (VerdictSubject.Load or VerdictSubject.Energy or VerdictSubject.Metering));
            if (doubt is null)
            {
                RateTrial trial = Judge(metrics, load, repetition);
                string requests = FormattableString.Invariant($"{trial.Requests,6} requests");
                await WriteAsync(load, repetition, trial.Passes ? "met" : "missed", $"{requests}  {trial.Finding}").ConfigureAwait(false);
                return trial;
            }

            // Another program on the host may have disturbed the client, and the next attempt may be undisturbed.
            await WriteAsync(load, repetition, "void", doubt.Message).ConfigureAwait(false);
            if (attempt == MaxTries || doubt.Subject != VerdictSubject.Client)
            {
                throw new UnavailableException(FormattableString.Invariant(
                    $"At {load:G5} the run says nothing about the server, so the search ends without a result: {doubt.Message}"));
            }
        }
    }

    internal static RateTrial Judge(RunMetrics metrics, double load, int repetition)
    {
        VerdictReason[] misses = [.. metrics.Reasons.Where(reason => reason.Subject == VerdictSubject.Load)];
        bool passes = metrics.Slo?.IsFeasible == true && misses.Length == 0;
        double? worst = metrics.Slo?.WorstRatio.Value;
        IEnumerable<string> findings = misses.Select(reason => reason.Message);
        string finding = string.Join("; ", worst is { } ratio && double.IsFinite(ratio)
            ? findings.Prepend(FormattableString.Invariant($"worst latency {ratio:P1} of its limit"))
            : findings);
        return new RateTrial(load, repetition, passes, finding, metrics.Manifest.Evidence)
        {
            Requests = metrics.Counts.Completed,
            Tightest = TightestLimit.Of(metrics),
            Overload = misses.Length > 0 ? string.Join("; ", misses.Select(reason => reason.Message)) : null,
        };
    }

    private Task WriteAsync(double load, int repetition, string result, string finding) => output.WriteLineAsync(
        string.Create(CultureInfo.InvariantCulture, $"{load,10:G5}  run {repetition}  {result,-6}  {finding}"));

    private Workload At(double load, int repetition)
    {
        if (!workloads.TryGetValue(load, out Workload? workload))
        {
            workload = At(point.Workload, load);
            workloads[load] = workload =
                lengthenedFor is { } repetitions ? TailWorkload.ForEachLimit(workload, repetitions).Workload : workload;
        }

        return workload with { Seed = workload.Seed + (ulong)repetition };
    }

    /// <summary>A workload under another load. The same seed gives the same requests, with arrivals that are scaled by the load.</summary>
    /// <param name="workload">A workload whose load is a single number.</param>
    /// <param name="load">The load: requests per second, users of a closed loop, or the factor of stages.</param>
    /// <exception cref="InvalidInputException">The load of the workload is not a single number.</exception>
    internal static Workload At(Workload workload, double load) => workload with
    {
        Arrival = workload.Arrival switch
        {
            ClosedLoopArrival closed => closed with { Concurrency = (int)load },
            PoissonArrival poisson => poisson with { RequestsPerSecond = load },
            GammaArrival gamma => gamma with { RequestsPerSecond = load },
            ConstantArrival constant => constant with { RequestsPerSecond = load },
            StagedArrival staged => staged with { LoadFactor = load },
            ArrivalProcess other => throw new InvalidInputException(new Problem(
                "$.arrival.kind", other.GetType().Name, $"{SingleRates}: other loads have no single rate")),
        },
    };
}
