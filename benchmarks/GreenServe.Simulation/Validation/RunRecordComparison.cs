using GreenServe.Records;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Simulation.Runs;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Simulation.Validation;

/// <summary>Holds the simulator against measured runs: the same requests, at the same times, on the system that the record names.</summary>
public static class RunRecordComparison
{
    /// <summary>What the points of run records name as their source.</summary>
    public const string Source = "run records";

    /// <summary>A measured run beside its simulation; skipped, with the reason, where the record does not tell enough.</summary>
    /// <param name="record">The run.</param>
    /// <param name="gpu">Accelerator instead of the record's, by name or file; <c>null</c> for the record's.</param>
    /// <param name="engine">Engine profile instead of the record's, by name or file; <c>null</c> for the record's.</param>
    /// <exception cref="InvalidInputException">There is no such accelerator or profile.</exception>
    public static PointResult Of(RunRecord record, string? gpu = null, string? engine = null)
    {
        MeasuredPoint point = PointOf(record);
        if (Refusal(record, gpu, engine) is { } reason)
        {
            return new PointResult(point, null, null, reason);
        }

        SimulatedSystem system = RecordedSystem.Of(record, gpu, engine);
        RequestSchedule schedule = ScheduleOf(record);
        if (SimulatedRun.Check(schedule, system) is [Problem problem, ..])
        {
            return new PointResult(point, system.Engine.Name, null, problem.ToString());
        }

        OutcomeList outcomes = new();
        SimulationSummary summary = SimulatedRun.Execute(schedule, system, outcomes);
        return new PointResult(point, system.Engine.Name, outcomes.Predict(summary), null);
    }

    private static string? Refusal(RunRecord record, string? gpu, string? engine) =>
        record.Manifest.Evidence != EvidenceKind.Measured ? "a simulated run is no measurement"
        : Completed(record).Length == 0 ? "no request was completed"
        : RecordedSystem.Check(record, gpu, engine) is [Problem problem, ..] ? $"{problem.Found}"
        : null;

    private static MeasuredPoint PointOf(RunRecord record)
    {
        RequestRecord[] completed = Completed(record);
        double start = completed.Select(request => request.IssuedSeconds!.Value).DefaultIfEmpty().Min();
        double end = completed.Select(request => request.CompletedSeconds!.Value).DefaultIfEmpty().Max();
        double seconds = end - start;
        double tokens = completed.Sum(request => (double)OutputOf(request));
        double? joules = RecordEnergy.Between(record, start, end);
        return new MeasuredPoint
        {
            Id = Path.GetFileName(Path.TrimEndingDirectorySeparator(record.Folder)),
            Source = Source,
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
        RequestRecord[] completed = Completed(record);
        double start = completed.Min(request => request.IssuedSeconds!.Value);
        return new RequestSchedule(
            [.. completed.OrderBy(request => request.IssuedSeconds).ThenBy(request => request.Id).Select((request, index) => new ScheduledRequest(
                index,
                closed ? 0 : request.IssuedSeconds!.Value - start,
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
