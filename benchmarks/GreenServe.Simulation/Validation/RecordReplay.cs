using GreenServe.Records.Documents;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Runs;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Simulation.Validation;

/// <summary>
/// A measured run prepared for simulation: what was measured in its window, and its requests, which any system can serve again. Measured
/// and simulated requests are evaluated by the same rule.
/// </summary>
/// <param name="Measured">The measured metrics.</param>
/// <param name="Schedule">The requests that reached a first token, at the times at which they were sent.</param>
/// <param name="WarmUpSeconds">End of the warm-up, in seconds from the first request; 0 or less for a run without one.</param>
/// <param name="LeftOutRequests">
/// Number of later requests that are left out because the run is too long to simulate again and again.
/// </param>
internal sealed record RecordReplay(MeasuredPoint Measured, RequestSchedule Schedule, double WarmUpSeconds, int LeftOutRequests)
{
    /// <summary>Prepares a run; <c>null</c> if no request was completed.</summary>
    /// <param name="record">The record of the run.</param>
    /// <param name="maxRequests">Number of requests that are replayed at most, the first ones.</param>
    internal static RecordReplay? TryCreate(RunRecord record, int maxRequests = int.MaxValue)
    {
        double end = record.Manifest.Window?.EndSeconds ?? double.PositiveInfinity;
        RequestRecord[] all = [.. record.Requests.Where(request => IsCompleted(request) || IsCutOff(request, end))
            .OrderBy(request => request.IssuedSeconds).ThenBy(request => request.Id)];
        RequestRecord[] replayed = all.Length > maxRequests ? all[..maxRequests] : all;
        if (!replayed.Any(IsCompleted))
        {
            return null;
        }

        double start = replayed[0].IssuedSeconds!.Value;
        bool isWhole = replayed.Length == all.Length;
        MeasuredPoint measured = PointOf(record, replayed, isWhole);
        return new RecordReplay(
            measured, ScheduleOf(record, replayed, start), record.Manifest.WarmUpSeconds - start, all.Length - replayed.Length);
    }

    /// <summary>The metrics of the same requests on a system. The system must be able to serve them (<see cref="SimulatedRun"/>).</summary>
    internal Prediction Predict(SimulatedSystem system) => Serve(system).Predict(WarmUpSeconds);

    /// <summary>Serves the requests on a system. The system must be able to (<see cref="SimulatedRun"/>).</summary>
    internal MeasuredServing Serve(SimulatedSystem system)
    {
        MeasuredServing serving = new();
        SimulatedRun.Execute(Schedule, system, serving);
        return serving;
    }

    private static MeasuredPoint PointOf(RunRecord record, RequestRecord[] replayed, bool isWhole)
    {
        ServedWindow window = ServedWindow.Of([.. replayed.Where(IsCompleted).Select(Served)], record.Manifest.WarmUpSeconds);
        bool isSteady = window.StartSeconds == record.Manifest.WarmUpSeconds;
        (double seconds, double tokens, double? joules) = isWhole && isSteady && RecordedWindow(record) is { } recorded
            ? recorded
            : (window.Seconds, window.OutputTokens, RecordEnergy.JoulesBetween(record, window.StartSeconds, window.EndSeconds));
        return Describe(record) with
        {
            TtftSeconds = Positive(window.TtftSeconds),
            TbtSeconds = Positive(window.TbtSeconds),
            OutputTokensPerSecond = Positive(tokens / seconds),
            Watts = Positive(joules / seconds),
            JoulesPerOutputToken = Positive(tokens > 0 ? joules / tokens : null),
        };
    }

    /// <summary>
    /// Length, output tokens and energy of the steady window that the run itself stated. The run counted each token when it came, also
    /// those of requests that its end cut off, where the table of requests has only the first and the last token of completed ones.
    /// </summary>
    private static (double Seconds, double Tokens, double? Joules)? RecordedWindow(RunRecord record) =>
        record.Manifest.Window is { LengthSeconds: > 0 } window
            && record.Manifest.Counters.TryGetValue(RunCounter.WindowOutputTokens.Name, out double tokens) && tokens > 0
            ? (window.LengthSeconds, tokens, RecordEnergy.JoulesBetween(record, window.StartSeconds, window.EndSeconds))
            : null;

    /// <summary>The point of a run without its metrics: its name, system, model and load.</summary>
    internal static MeasuredPoint Describe(RunRecord record) => new()
    {
        Id = Path.GetFileName(Path.TrimEndingDirectorySeparator(record.Folder)),
        Source = RunRecordComparison.Source,
        Split = "validation",
        Experiment = record.Manifest.Experiment?.Artifact,
        RepetitionOf = FittedRuns.NameOf(record.Folder),
        Gpu = record.Manifest.System?.Gpu ?? "",
        Model = record.Manifest.Model,
        Precision = record.Manifest.Knobs.Precision is { } precision ? EnumText.Of(precision) : null,
        TensorParallelism = record.Manifest.Knobs.TensorParallelism,
        Load = record.Manifest.Concurrency is { } users ? $"concurrency {users}" : "open loop",
        Stack = record.Manifest.System?.Engine,
    };

    private static RequestSchedule ScheduleOf(RunRecord record, RequestRecord[] replayed, double startSeconds)
    {
        bool closed = record.Manifest.Concurrency is not null;
        return new RequestSchedule(
            [
                .. replayed.Select((request, index) => new ScheduledRequest(
                    index,
                    closed ? 0 : request.IssuedSeconds!.Value - startSeconds,
                    record.Manifest.Classes.Classify(InputOf(request), OutputOf(request)),
                    InputOf(request),
                    OutputOf(request))),
            ],
            record.Manifest.Concurrency);
    }

    private static ServedRequest Served(RequestRecord request) => new(
        request.IssuedSeconds!.Value,
        request.FirstTokenSeconds!.Value,
        request.LastTokenSeconds ?? request.CompletedSeconds!.Value,
        OutputOf(request));

    /// <summary>Whether the end of the run cut a request off that had its first token.</summary>
    private static bool IsCutOff(RequestRecord request, double windowEndSeconds) =>
        request is { Status: RequestStatus.Cancelled, IssuedSeconds: not null, FirstTokenSeconds: not null }
        && request.CompletedSeconds >= windowEndSeconds;

    private static bool IsCompleted(RequestRecord request) =>
        request is { Status: RequestStatus.Completed, IssuedSeconds: not null, FirstTokenSeconds: not null, CompletedSeconds: not null };

    private static int InputOf(RequestRecord request) => Math.Max(1, request.InputTokensCounted ?? request.InputTokensAsked);

    private static int OutputOf(RequestRecord request) => Math.Max(
        1, IsCompleted(request) ? request.OutputTokensCounted ?? request.OutputTokensAsked : request.OutputTokensAsked);

    private static double? Positive(double? value) => value > 0 && double.IsFinite(value.Value) ? value : null;
}
