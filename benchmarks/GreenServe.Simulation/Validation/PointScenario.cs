using GreenServe.Records.Systems;
using GreenServe.Simulation.Engines;
using GreenServe.Simulation.Hardware;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Runs;
using GreenServe.Simulation.Validation.Protocols;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Simulation.Validation;

/// <summary>
/// A measured point prepared for simulation, with the system and schedule that come closest to the description of its source.
/// </summary>
/// <param name="Point">The point.</param>
/// <param name="Protocol">How its source measured it.</param>
/// <param name="Load">Its load.</param>
/// <param name="System">The instance that serves it.</param>
/// <param name="Schedule">Its requests.</param>
internal sealed record PointScenario(
    MeasuredPoint Point, MeasurementProtocol Protocol, PointLoad Load, SimulatedSystem System, RequestSchedule Schedule)
{
    /// <summary>Prepares a point; <c>null</c> if it cannot be simulated.</summary>
    /// <param name="point">The point.</param>
    /// <param name="catalog">Finds the definitions that the point refers to.</param>
    /// <param name="reason">The reason why it cannot be simulated; <c>null</c> if it can.</param>
    internal static PointScenario? TryCreate(MeasuredPoint point, PointCatalog catalog, out string? reason)
    {
        MeasurementProtocol? protocol = catalog.Protocol(point);
        PointLoad? load = PointLoad.Parse(point.Load);
        double? input = point.InputTokens ?? protocol?.Load.InputTokens;
        reason = PointCatalog.SkipReason(point)
            ?? (protocol is null ? $"no protocol for the stack '{point.Stack}'" : null)
            ?? (load is null ? "its load is not told" : null)
            ?? (point.OutputTokens is null || input is null ? "its lengths are not told" : null);
        if (reason is not null)
        {
            return null;
        }

        ProtocolSettings settings = SettingsOf(point, protocol!, input!.Value);
        SimulatedSystem system = SystemOf(point, protocol!, settings, load!.Value, catalog, input.Value);
        RequestSchedule schedule = new PointRequests(
            protocol!.LoadWith(point.Requests), input.Value, point.OutputTokens!.Value, settings.CachedPromptRatio ?? 0)
            .Of(load.Value.Kind, load.Value.Requests, system);
        reason = SimulatedRun.Check(schedule, system) is [var problem, ..] ? $"{problem}" : null;
        return reason is null ? new PointScenario(point, protocol, load.Value, system, schedule) : null;
    }

    /// <summary>The settings of a protocol that hold for a point, the later ones over the earlier ones.</summary>
    private static ProtocolSettings SettingsOf(MeasuredPoint point, MeasurementProtocol protocol, double inputTokens)
    {
        MeasuredSetup setup = new(
            point.Gpu,
            point.Model,
            PointCatalog.PrecisionOf(point)!.Value,
            point.TensorParallelism ?? 1,
            inputTokens,
            point.OutputTokens!.Value);
        return protocol.Settings.Where(settings => settings.Holds(setup))
            .Aggregate(new ProtocolSettings(), (before, settings) => settings.After(before));
    }

    private static SimulatedSystem SystemOf(
        MeasuredPoint point,
        MeasurementProtocol protocol,
        ProtocolSettings settings,
        PointLoad load,
        PointCatalog catalog,
        double input)
    {
        EngineProfile engine = catalog.Engine(protocol);
        GpuDefinition gpu = catalog.Gpu(point)!;
        int most = engine.On(gpu.Name).MaxSequences;
        int? batch = load.Kind switch
        {
            PointLoadKind.Saturated => null,
            PointLoadKind.MeanBatch when protocol.Load.RequestsAtOnce is not null => load.Requests,
            _ when settings.MaxSequencesAreUsers == true => Math.Max(1, load.Requests!.Value - (settings.SequencesBelowUsers ?? 0)),
            _ => Math.Max(load.Requests!.Value, most),
        };
        int? stepTokens = settings.StepTokensFor(input, point.OutputTokens!.Value);
        return new SimulatedSystem
        {
            // Sources state different contexts for the same model. The lengths that they ran show that the context was long enough.
            Model = PointCatalog.Model(point)! with { ContextTokens = int.MaxValue },
            Gpu = gpu,
            GpuCount = (point.TensorParallelism ?? 1) * StagesOf(point),
            Engine = settings.Apply(engine),
            Knobs = new Knobs
            {
                TensorParallelism = point.TensorParallelism ?? 1,
                PipelineParallelism = StagesOf(point),
                Precision = PointCatalog.PrecisionOf(point)!.Value,
                GpuClockMegahertz = point.ClockMegahertz,
                // A step has room for every running sequence, so that fewer tokens allow fewer of them.
                MaxBatch = stepTokens is { } tokens ? Math.Min(batch ?? most, Math.Max(tokens, load.Requests ?? 1)) : batch,
                StepTokens = stepTokens,
            },
        };
    }

    /// <summary>Number of pipeline stages, which some stacks state, as in <c>vLLM 2024 pp2</c>.</summary>
    private static int StagesOf(MeasuredPoint point) => point.Stack!.EndsWith(" pp2", StringComparison.Ordinal) ? 2 : 1;
}
