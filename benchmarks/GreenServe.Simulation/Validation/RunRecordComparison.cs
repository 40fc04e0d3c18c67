using GreenServe.Records;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Simulation.Engines;
using GreenServe.Simulation.Hardware;
using GreenServe.Simulation.Runs;
using GreenServe.Workloads.Models;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Simulation.Validation;

/// <summary>Holds the simulator against measured runs: the same requests, at the same times, on the system that the record names.</summary>
public static class RunRecordComparison
{
    /// <summary>A measured run beside its simulation; skipped, with the reason, where the record does not tell enough.</summary>
    public static PointResult Of(RunRecord record)
    {
        MeasuredPoint point = PointOf(record);
        if (Refusal(record) is { } reason)
        {
            return new PointResult(point, null, null, reason);
        }

        RunManifest manifest = record.Manifest;
        SimulatedSystem system = new()
        {
            Model = ModelCatalog.Find(manifest.Model)!,
            Gpu = GpuCatalogue.TryFind(manifest.System!.Gpu)!,
            GpuCount = Math.Max(manifest.System.GpuCount, manifest.Knobs.TensorParallelism * manifest.Knobs.PipelineParallelism),
            Engine = EngineCatalogue.TryFind(manifest.System.Engine)!,
            Knobs = manifest.Knobs,
        };
        RequestSchedule schedule = ScheduleOf(record);
        if (SimulatedRun.Check(schedule, system) is [Problem problem, ..])
        {
            return new PointResult(point, system.Engine.Name, null, problem.ToString());
        }

        OutcomeList outcomes = new();
        SimulationSummary summary = SimulatedRun.Execute(schedule, system, outcomes);
        return new PointResult(point, system.Engine.Name, outcomes.Predict(summary), null);
    }

    private static string? Refusal(RunRecord record) =>
        record.Manifest.Evidence != EvidenceKind.Measured ? "a simulated run is no measurement"
        : Completed(record).Length == 0 ? "no request was completed"
        : record.Manifest.System is not { } system ? "the record does not name GPU and engine"
        : ModelCatalog.Find(record.Manifest.Model) is null ? $"unknown model '{record.Manifest.Model}'"
        : GpuCatalogue.TryFind(system.Gpu) is null ? $"unknown GPU '{system.Gpu}'"
        : EngineCatalogue.TryFind(system.Engine) is null ? $"no profile for the engine '{system.Engine}'"
        : null;

    private static MeasuredPoint PointOf(RunRecord record)
    {
        RequestRecord[] completed = Completed(record);
        double? seconds = record.Manifest.DurationSeconds;
        double tokens = completed.Sum(request => (double)OutputOf(request));
        double? joules = RecordEnergy.Joules(record);
        return new MeasuredPoint
        {
            Id = Path.GetFileName(Path.TrimEndingDirectorySeparator(record.Folder)),
            Source = "run records",
            Split = "validation",
            Gpu = record.Manifest.System?.Gpu ?? "",
            Model = record.Manifest.Model,
            Precision = EnumText.Of(record.Manifest.Knobs.Precision),
            TensorParallelism = record.Manifest.Knobs.TensorParallelism,
            Load = record.Manifest.Concurrency is { } users ? $"concurrency {users}" : "open loop",
            Stack = record.Manifest.System?.Engine ?? "",
            TtftSeconds = Positive(completed.Length == 0 ? null : completed.Average(request => request.FirstTokenSeconds - request.IssuedSeconds)),
            TbtSeconds = Positive(completed.Where(request => OutputOf(request) > 1)
                .Average(request => (request.CompletedSeconds - request.FirstTokenSeconds) / (OutputOf(request) - 1))),
            OutputTokensPerSecond = Positive(tokens / seconds),
            Watts = Positive(joules / seconds),
            JoulesPerOutputToken = Positive(tokens > 0 ? joules / tokens : null),
        };
    }

    private static RequestSchedule ScheduleOf(RunRecord record)
    {
        bool closed = record.Manifest.Concurrency is not null;
        return new RequestSchedule(
            [.. Completed(record).OrderBy(request => request.IssuedSeconds).ThenBy(request => request.Id).Select((request, index) => new ScheduledRequest(
                index,
                closed ? 0 : request.IssuedSeconds!.Value,
                record.Manifest.Classes.Classify(InputOf(request), OutputOf(request)),
                InputOf(request),
                OutputOf(request)))],
            record.Manifest.Concurrency);
    }

    private static RequestRecord[] Completed(RunRecord record) => [.. record.Requests.Where(request =>
        request is { Status: RequestStatus.Completed, IssuedSeconds: not null, FirstTokenSeconds: not null, CompletedSeconds: not null })];

    private static int InputOf(RequestRecord request) => Math.Max(1, request.InputTokensCounted ?? request.InputTokensAsked);

    private static int OutputOf(RequestRecord request) => Math.Max(1, request.OutputTokensCounted ?? request.OutputTokensAsked);

    private static double? Positive(double? value) => value > 0 && double.IsFinite(value.Value) ? value : null;

    private sealed class OutcomeList : ISimulationSink
    {
        private readonly List<RequestOutcome> outcomes = [];

        public void Add(in StepStretch stretch)
        {
        }

        public void Add(in RequestOutcome outcome) => outcomes.Add(outcome);

        public void AddTokenGaps(string requestClass, LatencyHistogram gaps)
        {
        }

        internal Prediction Predict(SimulationSummary summary)
        {
            RequestOutcome[] completed = [.. outcomes.Where(outcome => outcome.Status == RequestStatus.Completed)];
            double tokens = completed.Sum(outcome => (double)outcome.OutputTokens);
            double[] gaps = [.. completed.Where(outcome => outcome.OutputTokens > 1)
                .Select(outcome => (outcome.CompletedSeconds!.Value - outcome.FirstTokenSeconds!.Value) / (outcome.OutputTokens - 1))];
            return new Prediction(
                completed.Average(outcome => outcome.FirstTokenSeconds!.Value - outcome.IssuedSeconds),
                gaps.Length == 0 ? 0 : gaps.Average(),
                tokens / summary.DurationSeconds,
                summary.TotalJoules / summary.DurationSeconds,
                summary.TotalJoules / tokens,
                QueueingShare: 0);
        }
    }
}
