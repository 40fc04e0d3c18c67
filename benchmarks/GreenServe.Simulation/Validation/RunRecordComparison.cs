using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Runs;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Simulation.Validation;

/// <summary>Compares the simulator with measured runs: the same requests at the same times on the system that the record names.</summary>
public static class RunRecordComparison
{
    /// <summary>The source of the points that are made from run records.</summary>
    public const string Source = "run records";

    /// <summary>
    /// A measured run with its simulation. It is skipped, with the reason, where the record lacks something that the simulation needs.
    /// </summary>
    /// <param name="record">The record of the run.</param>
    /// <param name="gpu">Accelerator instead of the record's, by name or file; <c>null</c> for the record's.</param>
    /// <param name="engine">Engine profile instead of the record's, by name or file; <c>null</c> for the record's.</param>
    /// <param name="isFitted">Whether constants were fitted to this run.</param>
    /// <exception cref="InvalidInputException">There is no accelerator or profile of a name that was given.</exception>
    public static PointResult Of(RunRecord record, string? gpu = null, string? engine = null, bool isFitted = false)
    {
        MeasuredPoint point = PointOf(record) with { Split = isFitted ? "calibration" : "validation" };
        if (SkipReason(record, gpu, engine) is { } reason)
        {
            return new PointResult(point, null, null, reason);
        }

        SimulatedSystem system = RecordedSystem.Of(record, gpu, engine);
        RequestSchedule schedule = ScheduleOf(record);
        if (SimulatedRun.Check(schedule, system) is [Problem problem, ..])
        {
            return new PointResult(point, system.Engine.Name, null, problem.ToString());
        }

        MeasuredServing serving = new();
        SimulatedRun.Execute(schedule, system, serving);
        Prediction prediction = serving.Predict(record.Manifest.WarmUpSeconds - StartOf(record));
        return new PointResult(point, system.Engine.Name, prediction, null)
        {
            Setting = SimulatedSetting.Of(system, record.Manifest.Concurrency ?? serving.MeanRequests),
        };
    }

    private static string? SkipReason(RunRecord record, string? gpu, string? engine) =>
        record.Manifest.Evidence == EvidenceKind.Simulated ? "a simulated run is no measurement"
        : Completed(record).Length == 0 ? "no request was completed"
        : RecordedSystem.Check(record, gpu, engine) is [Problem problem, ..] ? $"{problem.Found}"
        : null;

    private static MeasuredPoint PointOf(RunRecord record)
    {
        RequestRecord[] completed = Completed(record);
        ServedWindow? window = completed.Length == 0
            ? null
            : ServedWindow.Of([.. completed.Select(Served)], record.Manifest.WarmUpSeconds);
        double? joules = window is null ? null : RecordEnergy.JoulesBetween(record, window.StartSeconds, window.EndSeconds);
        return new MeasuredPoint
        {
            Id = Path.GetFileName(Path.TrimEndingDirectorySeparator(record.Folder)),
            Source = Source,
            Split = "validation",
            Experiment = record.Manifest.Experiment?.Artifact,
            RepetitionOf = FittedRuns.NameOf(record.Folder),
            Gpu = record.Manifest.System?.Gpu ?? "",
            Model = record.Manifest.Model,
            Precision = record.Manifest.Knobs.Precision is { } precision ? EnumText.Of(precision) : null,
            TensorParallelism = record.Manifest.Knobs.TensorParallelism,
            Load = record.Manifest.Concurrency is { } users ? $"concurrency {users}" : "open loop",
            Stack = record.Manifest.System?.Engine,
            TtftSeconds = Positive(window?.TtftSeconds),
            TbtSeconds = Positive(window?.TbtSeconds),
            OutputTokensPerSecond = Positive(window?.OutputTokens / window?.Seconds),
            Watts = Positive(joules / window?.Seconds),
            JoulesPerOutputToken = Positive(window?.OutputTokens > 0 ? joules / window.OutputTokens : null),
        };
    }

    private static RequestSchedule ScheduleOf(RunRecord record)
    {
        bool closed = record.Manifest.Concurrency is not null;
        RequestRecord[] completed = Completed(record);
        double start = StartOf(record);
        IEnumerable<RequestRecord> sent = completed.OrderBy(request => request.IssuedSeconds).ThenBy(request => request.Id);
        return new RequestSchedule(
            [
                .. sent.Select((request, index) => new ScheduledRequest(
                    index,
                    closed ? 0 : request.IssuedSeconds!.Value - start,
                    record.Manifest.Classes.Classify(InputOf(request), OutputOf(request)),
                    InputOf(request),
                    OutputOf(request))),
            ],
            record.Manifest.Concurrency);
    }

    private static double StartOf(RunRecord record) => Completed(record).Min(request => request.IssuedSeconds!.Value);

    private static ServedRequest Served(RequestRecord request) => new(
        request.IssuedSeconds!.Value,
        request.FirstTokenSeconds!.Value,
        request.LastTokenSeconds ?? request.CompletedSeconds!.Value,
        OutputOf(request));

    private static RequestRecord[] Completed(RunRecord record) => [.. record.Requests.Where(request =>
        request is { Status: RequestStatus.Completed, IssuedSeconds: not null, FirstTokenSeconds: not null, CompletedSeconds: not null })];

    private static int InputOf(RequestRecord request) => Math.Max(1, request.InputTokensCounted ?? request.InputTokensAsked);

    private static int OutputOf(RequestRecord request) => Math.Max(1, request.OutputTokensCounted ?? request.OutputTokensAsked);

    private static double? Positive(double? value) => value > 0 && double.IsFinite(value.Value) ? value : null;
}
