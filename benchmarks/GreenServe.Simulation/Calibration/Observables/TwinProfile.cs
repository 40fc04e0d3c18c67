using System.Globalization;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Simulation.Engines;
using GreenServe.Simulation.Trust;
using GreenServe.Simulation.Validation;

namespace GreenServe.Simulation.Calibration.Observables;

/// <summary>
/// Adds to a calibration what its runs say besides constants: the server's limits, what they covered, and which were fitted to.
/// </summary>
internal static class TwinProfile
{
    /// <summary>The calibration with what its runs say.</summary>
    /// <param name="result">The calibration.</param>
    /// <param name="loads">All its loads, those that were held out included.</param>
    /// <param name="fitted">The records that constants were fitted to.</param>
    internal static CalibrationResult Of(
        CalibrationResult result, IReadOnlyList<ObservedLoad> loads, IReadOnlyList<RunRecord> fitted)
    {
        List<string> notes = [.. result.Notes];
        EngineProfile engine = WithLimits(result.Engine, [.. loads.Select(load => load.System.Knobs)], notes);
        int points = result.HeldOutErrors().Select(metric => metric.Count()).DefaultIfEmpty(0).Max();
        if (points < TwinErrors.MinPoints)
        {
            notes.Add(TwinErrors.MissingText(points));
        }

        return result with
        {
            Engine = fitted.Count == 0 ? engine : engine with { FittedRuns = [.. fitted.Select(FittedRuns.DigestOf).Distinct()] },
            Compared = ComparedRange.Of([.. loads.Select(load => (load.System, load.Requests))]),
            Notes = notes,
        };
    }

    /// <summary>The profile with the limits of a batch that all runs state alike; a note says what was taken where they do not.</summary>
    private static EngineProfile WithLimits(EngineProfile start, Knobs[] knobs, List<string> notes)
    {
        int? sequences = Agreed("max_batch", "max_sequences", start.MaxSequences, knobs.Select(knob => knob.MaxBatch), start, notes);
        int? tokens = knobs.Any(knob => knob.StepTokens is not null)
            ? Agreed("step_tokens", "step_tokens", start.StepTokens, knobs.Select(knob => knob.StepTokens), start, notes)
            : null;
        int limit = sequences ?? start.MaxSequences;
        return sequences is null && tokens is null ? start : start with
        {
            MaxSequences = limit,
            StepTokens = Math.Max(tokens ?? start.StepTokens, limit),
            Overrides = [],
        };
    }

    /// <summary>The value of a knob where all runs state the same; otherwise <c>null</c>, and a note.</summary>
    private static int? Agreed(
        string knob, string limit, int before, IEnumerable<int?> stated, EngineProfile start, List<string> notes)
    {
        int?[] values = [.. stated.Distinct().Order()];
        if (values is [{ } only])
        {
            return only;
        }

        string found = string.Join(" and ", values.Select(value => value?.ToString(CultureInfo.InvariantCulture) ?? "none"));
        notes.Add(values is [null]
            ? $"no run states {knob}: the profile keeps {limit} {before} of {start.Name} (--set {knob}=VALUE states the server's)"
            : $"the runs state different {knob} ({found}): the profile keeps {limit} {before} of {start.Name}");
        return null;
    }
}
