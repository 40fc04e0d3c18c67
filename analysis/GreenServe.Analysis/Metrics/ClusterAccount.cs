using GreenServe.Records.Runs;

namespace GreenServe.Analysis.Metrics;

/// <summary>
/// What a run of a simulated cluster served and used as a whole, from its first request to the end of its last one. The steady window does
/// not matter here: a policy is to be judged with the start and the end of what it does.
/// </summary>
/// <param name="CompletedRequests">Number of requests that were completed.</param>
/// <param name="OutputTokens">Number of output tokens of the completed requests.</param>
/// <param name="DurationSeconds">Length of the run, in seconds.</param>
/// <param name="Counters">The counters of the record.</param>
internal sealed record ClusterAccount(
    long CompletedRequests, long OutputTokens, double DurationSeconds, IReadOnlyDictionary<string, double> Counters)
{
    private const string NoRequest = "no request was completed";

    /// <summary>The account of a run; <c>null</c> for a run of anything but a simulated cluster.</summary>
    /// <param name="manifest">The run.</param>
    /// <param name="pass">What its requests count.</param>
    internal static ClusterAccount? Of(RunManifest manifest, RequestPass pass) => IsOfCluster(manifest)
        ? new ClusterAccount(pass.CompletedRequests, pass.OutputTokens, manifest.DurationSeconds ?? 0, manifest.Counters)
        : null;

    /// <summary>Whether a simulated cluster served a run.</summary>
    internal static bool IsOfCluster(RunManifest manifest) => manifest.Counters.ContainsKey(RunCounter.Replicas.Name);

    /// <summary>A counter of the run.</summary>
    /// <param name="counter">The counter.</param>
    /// <param name="reason">What it means that the record does not hold it.</param>
    internal Reading Of(RunCounter counter, string reason) =>
        Reading.From(Counters.TryGetValue(counter.Name, out double value) ? value : null, reason);

    /// <summary>A part of the run's energy that it may lack, for a completed request.</summary>
    /// <param name="part">The counter of the part. A record without it used nothing for it.</param>
    internal Reading JoulesPerRequest(RunCounter part) => PerRequest(Reading.Of(Joules(part)));

    /// <summary>An amount for a completed request.</summary>
    internal Reading PerRequest(Reading amount) => amount.DividedBy(CompletedRequests, NoRequest);

    /// <summary>An amount for an output token.</summary>
    internal Reading PerOutputToken(Reading amount) => amount.DividedBy(OutputTokens, "no output token was delivered");

    /// <summary>The energy that was used to serve requests: what is neither idle, unused, asleep nor in transition, in joules.</summary>
    internal double ServingJoules =>
        Joules(RunCounter.TotalJoules) - Joules(RunCounter.IdleJoules) - Joules(RunCounter.UnusedJoules)
        - Joules(ClusterCounter.TransitionJoules) - Joules(ClusterCounter.SleepJoules);

    /// <summary>An end of the run's energy that the uncertainty of lower clocks leaves; without a lower clock it is the energy.</summary>
    internal Reading EndJoules(RunCounter end) =>
        Reading.Of(Counters.TryGetValue(end.Name, out double joules) ? joules : Joules(RunCounter.TotalJoules));

    private double Joules(RunCounter counter) => Counters.GetValueOrDefault(counter.Name);
}
