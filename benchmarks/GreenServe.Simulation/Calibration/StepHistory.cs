using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;
using GreenServe.Simulation.Physics;
using MathNet.Numerics.Statistics;

namespace GreenServe.Simulation.Calibration;

/// <summary>Makes measured steps of the rows of <c>steps.csv</c>.</summary>
internal static class StepHistory
{
    /// <summary>
    /// A run's steps with work, warm-up left out. An engine also works between two logged steps: where the next one decodes, somebody was
    /// being served all the time, so that the time up to its start belongs to the step; elsewhere the run's median gap does.
    /// </summary>
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

    /// <summary>The median time between two logged steps of an engine that went straight on (s); 0 where none is known.</summary>
    internal static double PauseSeconds(RunRecord record) => Typical(Gaps(Rows(record)));

    private static EngineStep[] Rows(RunRecord record) => [.. record.Steps.Where(step => step.DurationSeconds > 0).OrderBy(step => step.StartSeconds)];

    private static IEnumerable<double?> Gaps(EngineStep[] rows) =>
        rows.Select((step, index) => Gap(step, index + 1 < rows.Length ? rows[index + 1] : (EngineStep?)null));

    private static double Typical(IEnumerable<double?> gaps) =>
        gaps.OfType<double>().ToArray() is { Length: > 0 } known ? known.Median() : 0;

    private static double? Gap(EngineStep step, EngineStep? next) => next is { DecodeSequences: > 0 } following && !step.IsIdle
        ? Math.Max(0, following.StartSeconds - step.StartSeconds - step.DurationSeconds)
        : null;
}
