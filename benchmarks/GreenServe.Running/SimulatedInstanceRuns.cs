using GreenServe.Records;
using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Running.Points;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Runs;
using GreenServe.Simulation.Trust;
using GreenServe.Workloads.Experiments;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Running;

/// <summary>Serves points on one simulated instance, into a record on disk or in memory.</summary>
/// <param name="inputs">What the points share.</param>
internal sealed class SimulatedInstanceRuns(PointInputs inputs)
{
    /// <summary>Serves a schedule, and ends the record.</summary>
    /// <param name="schedule">The requests.</param>
    /// <param name="system">The instance that serves them.</param>
    /// <param name="record">Keeps the rows.</param>
    /// <param name="sink">Receives the results, and hands them to the record.</param>
    internal static RunRecord Serve(RequestSchedule schedule, SimulatedSystem system, IRunRecorder record, ISimulationSink sink)
    {
        SimulationSummary summary = SimulatedRun.Execute(schedule, system, sink);
        ErrorBands bands = SimulatorErrors.For(system, summary, schedule.Concurrency);
        return record.CompleteJudged(manifest => summary.Complete(manifest) with { ErrorBands = bands });
    }

    /// <summary>What is known of a run before it begins.</summary>
    /// <param name="point">The point.</param>
    /// <param name="schedule">The requests.</param>
    /// <param name="system">The instance that serves them.</param>
    internal RunManifest Manifest(OperatingPoint point, RequestSchedule schedule, SimulatedSystem system)
    {
        RunSource source = new(BackendKind.Simulated, system.Model.Name, EvidenceKind.Simulated, RunEnvironment.Virtual());
        return PointManifest.Of(point, schedule, source) with
        {
            Knobs = system.EffectiveKnobs,
            System = point.System with { Gpu = system.Gpu.Name, Engine = system.Engine.Name },
            Isolated = inputs.IsolatedOf(point, system),
            Notes =
            [
                .. schedule.Notes,
                .. UnusedPrefixes(schedule, system),
                .. UnusedTraits.Notes(schedule, "a single simulated instance"),
            ],
            HostScaling = system.HostScaling?.Sentence,
        };
    }

    private static IEnumerable<string> UnusedPrefixes(RequestSchedule schedule, SimulatedSystem system)
    {
        if (!system.Engine.CachesPrefixes && schedule.Requests.Any(request => request.SharedPrefixTokens > 0))
        {
            yield return $"the simulated engine {system.Engine.Name} keeps no prefixes: beginnings that prompts share are computed again";
        }
    }
}
