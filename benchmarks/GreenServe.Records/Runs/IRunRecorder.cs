using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;

namespace GreenServe.Records.Runs;

/// <summary>Takes the rows of a simulated run, and makes a record of them.</summary>
/// <remarks><see cref="RunRecordWriter"/> makes one on disk, and <see cref="RunRecordMemory"/> one in memory.</remarks>
public interface IRunRecorder
{
    /// <summary>Adds a request that has ended.</summary>
    void Add(RequestRecord request);

    /// <summary>Adds steps of a simulated engine.</summary>
    void Add(EngineStretch stretch);

    /// <summary>Adds a meter reading.</summary>
    void Add(PowerSample sample);

    /// <summary>Adds a decision of the policy of a simulated cluster.</summary>
    void Add(ClusterAction action);

    /// <summary>Adds the state of a simulated cluster, or of a part of it, over an interval.</summary>
    void Add(ClusterSample sample);

    /// <summary>Adds the token gaps of a request class.</summary>
    /// <param name="requestClass">Name of the class, SS to LL.</param>
    /// <param name="gaps">Gaps between tokens of its completed requests.</param>
    void AddTokenGaps(string requestClass, LatencyHistogram gaps);

    /// <summary>Throws if a row could not be kept. A simulation asks now and then, so that it does not go on for nothing.</summary>
    /// <exception cref="UnavailableException">The disk is full.</exception>
    void ThrowIfFailed();

    /// <summary>
    /// Ends the record: <paramref name="finish"/> completes the manifest, and <see cref="RunJudge"/> adds to its verdict.
    /// </summary>
    /// <returns>The record.</returns>
    /// <exception cref="UnavailableException">The disk is full.</exception>
    RunRecord CompleteJudged(Func<RunManifest, RunManifest> finish);
}
