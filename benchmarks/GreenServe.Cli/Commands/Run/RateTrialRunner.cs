using System.CommandLine;
using System.Globalization;
using GreenServe.Analysis.Metrics;
using GreenServe.Cli.Running;
using GreenServe.Cli.Terminal;
using GreenServe.Metering.Discovery;
using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Records.Verdicts;
using GreenServe.Serving.OpenAi;
using GreenServe.Serving.Search;
using GreenServe.Workloads;
using GreenServe.Workloads.Arrivals;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Cli.Commands.Run;

/// <summary>Runs one load of a search and judges its record.</summary>
internal sealed class RateTrialRunner(ParseResult parsed, PointOptions options, ServerOptions server, Workload workload, string folder)
{
    private const int MaxTries = 3;

    /// <summary>Where the server is that was started for the search, and how it speaks; <c>null</c> for the one that the options name.</summary>
    internal Func<OpenAiOptions, OpenAiOptions>? ToStarted { get; init; }

    /// <exception cref="UnavailableException">The run shows nothing about the server: the client was the limit, or it was no steady load.</exception>
    internal async Task<RateTrial> RunAsync(double load, int repetition, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"load-{load:G6}-run-{repetition}{(attempt > 1 ? $"-try-{attempt}" : "")}");
            string place = Path.Combine(folder, name);
            await RunAsync(options.Point(parsed, At(load, repetition)), place, cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();

            RunMetrics metrics = RunMetrics.Of(RunRecord.Read(place));

            // What the load did to the server is the answer to the question asked, and no SLO speaks of joules.
            VerdictReason? doubt = metrics.Reasons.FirstOrDefault(reason =>
                reason.Subject is not (VerdictSubject.Load or VerdictSubject.Energy or VerdictSubject.Metering));
            if (doubt is null)
            {
                RateTrial trial = Judge(metrics, load, repetition);
                await WriteAsync(load, repetition, trial.Passes ? "met" : "missed", trial.Finding).ConfigureAwait(false);
                return trial;
            }

            // A client disturbed once, by whatever else runs here, may not be the next time.
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
        return new RateTrial(load, repetition, passes, string.Join("; ", worst is { } ratio && double.IsFinite(ratio)
            ? findings.Prepend(FormattableString.Invariant($"worst latency {ratio:P0} of its limit"))
            : findings));
    }

    private async Task RunAsync(OperatingPoint point, string place, CancellationToken cancellationToken)
    {
        BackendKind backend = options.Backend(parsed);
        if (backend == BackendKind.Simulated)
        {
            new SimulatedPoint(point).Run(place);
            return;
        }

        MeasurementPolicy measuring = server.Measuring(parsed, point);
        using MeterCatalog meters = server.Meters(parsed, backend == BackendKind.Engine ? EnginePoint.OwnMeters(point) : null);
        if (backend == BackendKind.Engine)
        {
            await new EnginePoint(point, meters, server.Load(parsed), measuring)
                .RunAsync(place, TextWriter.Null, cancellationToken).ConfigureAwait(false);
            return;
        }

        using PreparedMachine conditions = await PreparedMachine.PrepareAsync(
            point, meters, measuring, new TerminalProgress(parsed.InvocationConfiguration.Output), cancellationToken).ConfigureAwait(false);

        OpenAiOptions connection = server.Connection(parsed, point.Seed, options.ModelName(parsed));
        await new ServedPoint(point, conditions, server.Load(parsed))
            .RunAsync(ToStarted?.Invoke(connection) ?? connection, place, cancellationToken).ConfigureAwait(false);
    }

    private Task WriteAsync(double load, int repetition, string result, string finding) => parsed.InvocationConfiguration.Output.WriteLineAsync(
        string.Create(CultureInfo.InvariantCulture, $"{load,10:G5}  run {repetition}  {result,-6}  {finding}"));

    private Workload At(double load, int repetition) => workload with
    {
        Seed = workload.Seed + (ulong)repetition,
        Arrival = workload.Arrival switch
        {
            ClosedLoopArrival closed => closed with { Concurrency = (int)load },
            PoissonArrival poisson => poisson with { RequestsPerSecond = load },
            GammaArrival gamma => gamma with { RequestsPerSecond = load },
            ConstantArrival constant => constant with { RequestsPerSecond = load },
            _ => throw new InvalidInputException(new Problem(
                "$.arrival.kind", workload.Arrival.GetType().Name, "constant, poisson, gamma or closed_loop: other loads have no single rate")),
        },
    };
}
