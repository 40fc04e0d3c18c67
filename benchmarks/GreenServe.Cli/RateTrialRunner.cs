using System.CommandLine;
using System.Globalization;
using GreenServe.Analysis.Metrics;
using GreenServe.Cli.Commands;
using GreenServe.Metering;
using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Serving.Search;
using GreenServe.Workloads;
using GreenServe.Workloads.Arrivals;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Cli;

/// <summary>Runs one load of a search and judges its record.</summary>
internal sealed class RateTrialRunner(ParseResult parsed, PointOptions options, ServerOptions server, Workload workload, string folder)
{
    /// <exception cref="UnavailableException">The client was the limit: a higher load would measure the client.</exception>
    internal async Task<RateTrial> RunAsync(double load, int repetition, CancellationToken cancellationToken)
    {
        string place = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"load-{load:G6}-run-{repetition}"));
        OperatingPoint point = options.Point(parsed, At(load, repetition));
        if (options.Backend(parsed) == BackendKind.Simulated)
        {
            new SimulatedPoint(point).Run(place);
        }
        else
        {
            MeasuringOptions measuring = server.Measuring(parsed, point);
            using MeterCatalog meters = server.Meters(parsed);
            using PointConditions conditions = await PointConditions.PrepareAsync(
                point, meters, measuring, new MetersCommandProgress(parsed.InvocationConfiguration.Output), cancellationToken).ConfigureAwait(false);
            await new ServedPoint(point, conditions, server.Load(parsed))
                .RunAsync(server.Connection(parsed, point.Seed, options.ModelName(parsed)), place, cancellationToken).ConfigureAwait(false);
        }

        RateTrial trial = Judge(RunMetrics.Of(RunRecord.Read(place)), load, repetition);
        await parsed.InvocationConfiguration.Output.WriteLineAsync(
            string.Create(CultureInfo.InvariantCulture, $"{load,10:G5}  run {repetition}  {(trial.Passes ? "met" : "missed"),-6}  {trial.Finding}")).ConfigureAwait(false);
        return trial;
    }

    private static RateTrial Judge(RunMetrics metrics, double load, int repetition)
    {
        if (metrics.Reasons.FirstOrDefault(reason => reason.Code.StartsWith("client-", StringComparison.Ordinal)) is { } limit)
        {
            throw new UnavailableException($"At {load:G5} the client was the limit, not the server: {limit.Message}");
        }

        bool hasFailures = metrics.Reasons.Any(reason => reason.Code is "failures" or "nothing-completed");
        bool passes = metrics.Slo?.IsFeasible == true && !hasFailures;
        double? worst = metrics.Slo?.WorstRatio.Value;
        return new RateTrial(load, repetition, passes, worst is { } ratio && double.IsFinite(ratio)
            ? FormattableString.Invariant($"worst latency {ratio:P0} of its limit")
            : string.Join("; ", metrics.Reasons.Select(reason => reason.Message)));
    }

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
