using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;
using GreenServe.Simulation.Physics;
using MathNet.Numerics.Statistics;

namespace GreenServe.Simulation.Calibration;

/// <summary>Reads measured steps from the rows of <c>steps.csv</c>.</summary>
internal static class StepHistory
{
    /// <summary>
    /// The steps of a run that had work. Those of the warm-up are left out, unless too few would remain. An engine also works between two
    /// logged steps. Where the next step decodes, the engine was never idle, and the time up to that step belongs to this one. Elsewhere
    /// the run's median gap is added.
    /// </summary>
    /// <param name="run">Number of the run, from 0.</param>
    /// <param name="record">The record of the run.</param>
    /// <param name="system">The system of the run.</param>
    internal static IReadOnlyList<MeasuredStep> Of(int run, RunRecord record, SimulatedSystem system)
    {
        EngineStep[] rows = Rows(record);
        double?[] gaps = [.. Gaps(rows)];
        double typical = Typical(gaps);
        StepShape[] shapes = PromptReplay.ShapesOf(rows, record.Requests);
        double highest = system.Gpu.Clock.HighestMegahertz;
        MeasuredStep[] steps = [.. rows.Index().Where(item => !item.Item.IsIdle).Select(item => new MeasuredStep(
            run,
            shapes[item.Index],
            item.Item.DurationSeconds + (gaps[item.Index] ?? typical),
            item.Item.StartSeconds,
            item.Item.ClockMegahertz is { } megahertz ? Math.Min(1, megahertz / highest) : null))];
        MeasuredStep[] warm = [.. steps.Where(step => step.StartSeconds >= record.Manifest.WarmUpSeconds)];
        return warm.Length >= SimulatorCalibration.MinSteps ? warm : steps;
    }

    /// <summary>
    /// The median time between two logged steps of an engine that was never idle between them, in seconds. An engine whose log has no such
    /// steps is taken to make no pause.
    /// </summary>
    internal static double PauseSeconds(RunRecord record) => Typical(Gaps(Rows(record)));

    private static EngineStep[] Rows(RunRecord record) =>
        [.. record.Steps.Where(step => step.DurationSeconds > 0).OrderBy(step => step.StartSeconds)];

    private static IEnumerable<double?> Gaps(EngineStep[] rows) =>
        rows.Select((step, index) => Gap(step, index + 1 < rows.Length ? rows[index + 1] : (EngineStep?)null));

    private static double Typical(IEnumerable<double?> gaps) =>
        gaps.OfType<double>().ToArray() is { Length: > 0 } known ? known.Median() : 0;

    private static double? Gap(EngineStep step, EngineStep? next) => next is { DecodeSequences: > 0 } following && !step.IsIdle
        ? Math.Max(0, following.StartSeconds - step.StartSeconds - step.DurationSeconds)
        : null;
}

/// <summary>A measured step: what it worked on, its duration, and its clock.</summary>
/// <param name="Run">Number of the run that it belongs to, from 0.</param>
/// <param name="Shape">What it worked on, as far as a record shows.</param>
/// <param name="Seconds">Time from its start to the start of the next step, in seconds, where the engine continued without a break.</param>
/// <param name="StartSeconds">Time at which it began, in seconds from the start of the run.</param>
/// <param name="ClockRatio">
/// Clock relative to the highest clock; <c>null</c> where it was not recorded. The model then predicts it from the power cap.
/// </param>
internal readonly record struct MeasuredStep(int Run, StepShape Shape, double Seconds, double StartSeconds, double? ClockRatio);
