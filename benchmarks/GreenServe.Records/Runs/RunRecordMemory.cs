using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Records.Verdicts;

namespace GreenServe.Records.Runs;

/// <summary>Keeps the rows of one simulated run in memory, for a search that looks at thousands of runs and keeps none.</summary>
/// <remarks>
/// The record gives the same numbers as one on disk, to the last digit that a table keeps. A request takes about 100 bytes and a stretch of
/// steps about as many. Not thread-safe.
/// </remarks>
/// <param name="started">What is known when the run begins.</param>
public sealed class RunRecordMemory(RunManifest started) : IRunRecorder
{
    private readonly RequestStore requests = new();

    /// <summary>The steps, in the order in which they were added.</summary>
    internal List<EngineStretch> Stretches { get; } = [];

    /// <summary>The meter readings, in the order in which they were added.</summary>
    internal List<PowerSample> Power { get; } = [];

    /// <summary>The decisions of a policy, in the order in which they were added.</summary>
    internal List<ClusterAction> Actions { get; } = [];

    /// <summary>The states of a cluster, in the order in which they were added.</summary>
    internal List<ClusterSample> ClusterSamples { get; } = [];

    /// <summary>The token gaps of each request class.</summary>
    internal SortedDictionary<string, LatencyHistogram> TokenGaps { get; } = new(StringComparer.Ordinal);

    /// <summary>The requests, for any number of passes.</summary>
    internal RequestTable Requests => RequestTable.Of(requests, requests.Count, requests.All);

    /// <inheritdoc />
    public void Add(RequestRecord request) => requests.Add(request);

    /// <inheritdoc />
    public void Add(EngineStretch stretch) => Stretches.Add(stretch);

    /// <inheritdoc />
    public void Add(PowerSample sample) => Power.Add(sample);

    /// <inheritdoc />
    public void Add(ClusterAction action) => Actions.Add(action);

    /// <inheritdoc />
    public void Add(ClusterSample sample) => ClusterSamples.Add(sample);

    /// <inheritdoc />
    public void AddTokenGaps(string requestClass, LatencyHistogram gaps)
    {
        if (!TokenGaps.TryGetValue(requestClass, out LatencyHistogram? known))
        {
            TokenGaps[requestClass] = known = new LatencyHistogram();
        }

        known.Add(gaps);
    }

    /// <inheritdoc />
    /// <remarks>Memory holds every row, so that nothing fails.</remarks>
    public void ThrowIfFailed()
    {
    }

    /// <inheritdoc />
    public RunRecord CompleteJudged(Func<RunManifest, RunManifest> finish)
    {
        RunManifest finished = finish(started with { Verdict = RunVerdict.Interrupted });
        return RunRecord.Of(finished with { Verdict = RunJudge.Judge(finished, RunRecord.Of(finished, this)) }, this);
    }
}
