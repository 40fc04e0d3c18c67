using GreenServe.Records.Requests;
using GreenServe.Records.Runs;

namespace GreenServe.Simulation.Runs;

/// <summary>
/// Writes a simulation into a run record: every request, and the steps as stretches or one by one. The readings of the energy meter follow
/// from the steps.
/// </summary>
/// <param name="record">The record. The caller completes it.</param>
/// <param name="keepsEachStep">Whether each step is a row of its own. Otherwise a row stands for a stretch.</param>
public sealed class RunRecordSink(IRunRecorder record, bool keepsEachStep = false) : ISimulationSink
{
    /// <inheritdoc />
    public void Add(in StepStretch stretch)
    {
        if (!keepsEachStep || stretch.Count == 1)
        {
            record.Add(stretch.Recorded);
            return;
        }

        for (int index = 0; index < stretch.Count; index++)
        {
            record.Add(stretch.Recorded.Single(index));
        }
    }

    /// <inheritdoc />
    public void Add(in RequestOutcome outcome)
    {
        record.ThrowIfFailed();
        record.Add(RecordOf(outcome));
    }

    /// <inheritdoc />
    public void AddTokenGaps(string requestClass, LatencyHistogram gaps) => record.AddTokenGaps(requestClass, gaps);

    /// <summary>The row of a request in <c>requests.csv</c>.</summary>
    internal static RequestRecord RecordOf(in RequestOutcome outcome) =>
        new(
            outcome.Request.Id,
            outcome.Request.Class.Name,
            outcome.Request.ScheduledSeconds,
            outcome.IssuedSeconds,
            outcome.FirstTokenSeconds,
            outcome.CompletedSeconds,
            outcome.Request.InputTokens,
            outcome.Request.InputTokens,
            outcome.Request.OutputTokens,
            outcome.OutputTokens,
            outcome.Status,
            ErrorOf(outcome))
        {
            TbtP99Seconds = outcome.TbtP99Seconds,
            TbtMaxSeconds = outcome.TbtMaxSeconds,
            EnergyJoules = outcome.EnergyJoules,
            PrefillEnergyJoules = outcome.PrefillEnergyJoules,
            Priority = outcome.Request.Priority,
            Adapter = outcome.Request.Adapter,
        };

    private static string? ErrorOf(in RequestOutcome outcome) =>
        outcome.CompletedSeconds is not null ? null
        : outcome.Rejection is { } reason ? $"rejected by the policy: {reason}"
        : "unfinished when the run ended";
}
