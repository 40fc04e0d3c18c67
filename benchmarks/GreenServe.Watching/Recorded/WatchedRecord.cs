using System.Text.Json.Nodes;
using GreenServe.Analysis.Metrics;
using GreenServe.Records;
using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;
using GreenServe.Records.Verdicts;
using GreenServe.Running.Live;
using GreenServe.Watching.Courses;

namespace GreenServe.Watching.Recorded;

/// <summary>One look at a run record that may still be written.</summary>
/// <remarks>The record may come from anywhere, so its names and texts are cut to what a page can show.</remarks>
internal static class WatchedRecord
{
    private const int MaxMeters = 64;
    private const int MaxAxes = 16;
    private const int MaxReasons = 100;
    private const int MaxNameLetters = 200;

    /// <summary>Moments of one look: enough for a chart, however long the run was.</summary>
    private const int MaxMoments = 600;

    /// <summary>Distance of two moments while a record is written (s), and the shortest one of a record that is complete.</summary>
    private const double UsualStepSeconds = 1;
    private const double MinStepSeconds = 0.1;

    /// <summary>Rows reach the disk within a second. What is younger may lack some of them.</summary>
    private const double UnsettledSeconds = 1;

    /// <summary>Whether a record has come to its end: its run is judged.</summary>
    internal static bool IsFinished(RunManifest manifest) => !manifest.Verdict.IsInterrupted;

    /// <summary>The moments after an earlier look, up to the newest that does not change any more.</summary>
    /// <param name="course">The course of the record.</param>
    /// <param name="manifest">The record's manifest.</param>
    /// <param name="afterSeconds">The last moment of the look before (s from the start of the run); 0 for the first.</param>
    /// <param name="pointsEnded">Number of points that have ended.</param>
    internal static IReadOnlyList<LiveMoment> Moments(RecordCourse course, RunManifest manifest, double afterSeconds, int pointsEnded)
    {
        bool isFinished = IsFinished(manifest);
        double end = isFinished ? manifest.DurationSeconds ?? course.LastSeconds : course.LastSeconds - UnsettledSeconds;
        double span = end - afterSeconds;
        double step = isFinished && afterSeconds == 0
            ? Math.Max(span / MaxMoments, MinStepSeconds)
            : Math.Max(span / MaxMoments, UsualStepSeconds);
        int count = span > 0 ? (int)Math.Min(MaxMoments, Math.Floor((span / step) + 1e-9)) : 0;
        return [.. Enumerable.Range(1, count).Select(number => course.At(afterSeconds + (number * step), pointsEnded))];
    }

    /// <summary>What a page shows of a record now.</summary>
    /// <param name="record">The record.</param>
    /// <param name="course">Its course.</param>
    /// <param name="now">The newest moment.</param>
    /// <param name="silentSeconds">Time since a file of the record was last written (s).</param>
    /// <param name="judged">What became of the run; <c>null</c> while a process seems to write its record.</param>
    internal static LiveState State(
        RunRecord record, RecordCourse course, LiveMoment now, double silentSeconds, JudgedRecord? judged)
    {
        RunManifest manifest = record.Manifest;
        return new LiveState
        {
            Evidence = judged?.Evidence ?? manifest.Evidence,
            Title = $"{Name(manifest.WorkloadName)}, {Name(manifest.Model)}",
            Phase = judged is null ? LivePhase.Measuring : LivePhase.Ended,
            Activity = judged is null ? "Another process writes this record. A request is shown when it has ended."
                : IsFinished(manifest) ? null
                : FormattableString.Invariant($"Nothing was written for {silentSeconds:0} s: ")
                    + "the run was killed, or it waits for its server.",
            Point = NameOf(record.Folder),
            RequestsCompleted = course.Completed,
            RequestsFailed = course.Failed,
            Meters = [.. MetersOf(manifest).Select(meter => new WatchedMeter(Name(meter.Name), meter.Scope))],
            Reasons = [.. judged?.Verdict.Reasons.Take(MaxReasons) ?? []],
            Verdict = judged?.Result.Result,
            Rule = RecordCourse.Rule,
            Now = now,
        };
    }

    /// <summary>The meters that a page shows.</summary>
    internal static IReadOnlyList<MeterDescription> MetersOf(RunManifest manifest) =>
        [.. manifest.Meters.Where(meter => meter.NotMeasured is null && meter.Name.Length <= MaxNameLetters).Take(MaxMeters)];

    /// <summary>What became of a run that has come to its end, or was killed.</summary>
    internal static JudgedRecord Judge(RunRecord record)
    {
        RunMetrics metrics = RunMetrics.Of(record);
        LivePointResult result = new(NameOf(record.Folder), ShownText.OneLine(metrics.Verdict.ToString()), metrics.IsValid)
        {
            JoulesPerOutputToken = metrics.JoulesPerOutputToken.Value,
            OutputTokensPerSecond = metrics.OutputTokensPerSecond.Value,
            Axes = AxesOf(record.Manifest),
        };
        return new JudgedRecord(result, metrics.Verdict, metrics.Manifest.Evidence);
    }

    /// <summary>The result of a record that cannot be read.</summary>
    internal static LivePointResult Unreadable(string folder, InvalidInputException exception) =>
        new(NameOf(folder), $"cannot be read: {ShownText.OneLine(exception.Message)}", IsValid: false);

    /// <summary>The name of a record: that of its folder.</summary>
    internal static string NameOf(string folder) =>
        Name(Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))));

    private static Dictionary<string, string> AxesOf(RunManifest manifest)
    {
        Dictionary<string, string> axes = [];
        foreach ((string axis, JsonNode? value) in manifest.Experiment?.Coordinates.Take(MaxAxes) ?? [])
        {
            axes[Name(axis)] = Name(value?.ToString() ?? "");
        }

        return axes;
    }

    private static string Name(string text) => ShownText.OneLine(text, MaxNameLetters);
}

/// <summary>What became of a run, as its record tells it.</summary>
/// <param name="Result">The verdict and the numbers of the steady window.</param>
/// <param name="Verdict">The verdict with its reasons.</param>
/// <param name="Evidence">The evidence kind that the run's energy gives it.</param>
internal sealed record JudgedRecord(LivePointResult Result, RunVerdict Verdict, EvidenceKind Evidence);
