using GreenServe.Records.EnergyAccounting;
using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Records.Verdicts;

namespace GreenServe.Records.Runs;

/// <summary>Judges a run from its record alone, in the same way for every backend.</summary>
/// <remarks>
/// A run is judged when its record is completed. The analysis and <c>greenserve judge</c> ask the same judge again, so that records of
/// earlier builds and interrupted ones get the same answer. What only the run itself could see, such as a client that was late, is in
/// the verdict of the record already.
/// </remarks>
public static class RunJudge
{
    /// <summary>The verdict of a run: the reasons that its record states, and those that its tables show.</summary>
    /// <param name="manifest">The manifest to judge by. It may state another window than the record's own.</param>
    /// <param name="record">The record, whose tables are read.</param>
    /// <exception cref="InvalidInputException">A table is damaged.</exception>
    public static RunVerdict Judge(RunManifest manifest, RunRecord record)
    {
        SteadyWindow steady = SteadyWindow.Of(manifest, record.Requests);
        SampleTally sample = new(RequestSample.Of(manifest, record.Requests, steady.Window));
        foreach (RequestRecord request in record.Requests)
        {
            sample.Add(request);
        }

        return Judge(manifest, record, steady, sample);
    }

    /// <summary>The verdict of a run whose window is known and whose requests were counted.</summary>
    /// <inheritdoc cref="Judge(RunManifest, RunRecord)" />
    /// <param name="manifest">The manifest to judge by.</param>
    /// <param name="record">The record, whose meters and steps are read.</param>
    /// <param name="steady">The steady window, or why there is none.</param>
    /// <param name="sample">The requests whose latencies count, every request of the run added.</param>
    public static RunVerdict Judge(RunManifest manifest, RunRecord record, SteadyWindow steady, SampleTally sample)
    {
        IEnumerable<VerdictReason> energy = steady.Window is { } window ? EnergyReasons(manifest, record, window) : [];
        return manifest.Verdict.And([.. NoSteadyWindow(steady), .. sample.Reasons(), .. energy]);
    }

    private static IEnumerable<VerdictReason> NoSteadyWindow(SteadyWindow steady) => steady.NoWindowReason is { } reason
        ? [new VerdictReason(VerdictCode.NoSteadyWindow, reason)]
        : [];

    /// <summary>
    /// What the readings say against the energy of the window. Where a model stands behind meter and steps alike, the steps give the
    /// energy, and they have no refresh that could be too slow.
    /// </summary>
    private static IEnumerable<VerdictReason> EnergyReasons(RunManifest manifest, RunRecord record, MeasurementWindow window)
    {
        bool areEstimates = manifest.Meters.All(meter => meter.IsEstimated);
        if (manifest.Meters.Count == 0 || (areEstimates && StepsStateEnergy(record)))
        {
            return [];
        }

        WindowEnergy energy = WindowEnergy.Measure(manifest.Meters, record.MeterReadings, window.StartSeconds, window.EndSeconds);
        return HeadlineScope.Of(energy) is { } scope && !(scope.IsEstimated && StepsStateEnergy(record))
            ? new WindowEnergy([scope], [.. energy.CrossChecks.Where(check => check.Scope == scope.Scope)]).Reasons()
            : [];
    }

    // The steps of one engine state their energy all or none.
    private static bool StepsStateEnergy(RunRecord record) => record.StreamStretches().FirstOrDefault() is { StepJoules: not null };
}
