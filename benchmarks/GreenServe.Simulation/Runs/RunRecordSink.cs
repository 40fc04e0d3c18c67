using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;

namespace GreenServe.Simulation.Runs;

/// <summary>Writes a simulation into a run record: every step, every request, and cumulative energy as a meter would read it.</summary>
public sealed class RunRecordSink : ISimulationSink
{
    private readonly RunRecordWriter record;
    private readonly bool keepSteps;
    private readonly PowerSampler power;

    /// <summary>Makes a sink that writes into a record.</summary>
    /// <param name="record">The record. The caller completes it.</param>
    /// <param name="keepSteps">Whether to write <c>steps.csv</c>, one row for each step.</param>
    public RunRecordSink(RunRecordWriter record, bool keepSteps = true)
    {
        this.record = record;
        this.keepSteps = keepSteps;
        power = new PowerSampler(sample => record.Add(sample));
    }

    /// <inheritdoc />
    public void Add(in StepStretch stretch)
    {
        for (int index = 0; index < stretch.Count; index++)
        {
            EngineStep step = stretch.Step(index);
            power.Add(step.DurationSeconds, step.EnergyJoules!.Value);
            if (keepSteps)
            {
                record.Add(step);
            }
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

    /// <summary>Writes the last reading of the meter. Call it once, after the simulation.</summary>
    public void End() => power.End();

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
            outcome.CompletedSeconds is null ? "unfinished when the run ended" : null)
        {
            TbtP99Seconds = outcome.TbtP99Seconds,
            TbtMaxSeconds = outcome.TbtMaxSeconds,
            EnergyJoules = outcome.EnergyJoules,
            PrefillEnergyJoules = outcome.PrefillEnergyJoules,
        };
}
