using System.Text.Json;
using System.Text.Json.Nodes;
using GreenServe.Metering.Recording;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.EnergyAccounting;
using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Records.Tables;
using GreenServe.Records.Verdicts;

namespace GreenServe.Running.Judging;

/// <summary>
/// Judges a run record again from its own tables, as <see cref="RunJudge"/> does. It moves the edges of a measured window to refreshes of
/// the energy counter and renews the verdict reasons of the meters. Use it for records of earlier versions, or when a refresh period
/// became known later. Readings, requests and steps stay as they are.
/// </summary>
/// <param name="refreshSeconds">Refresh periods (s) by meter, for meters whose record states none.</param>
/// <param name="longestShiftSeconds">Longest distance that an edge moves inwards (s).</param>
public sealed class RecordJudge(IReadOnlyDictionary<string, double> refreshSeconds, double longestShiftSeconds)
{
    /// <summary>Name of the file that keeps the manifest as it was first written.</summary>
    public const string EarlierManifest = "run.as-written.json";

    /// <summary>
    /// Judges a record and rewrites its manifest where that changes. The first manifest is then kept as <see cref="EarlierManifest"/>.
    /// </summary>
    /// <returns>The new verdict.</returns>
    /// <exception cref="InvalidInputException">The record is damaged, or the user may not write there.</exception>
    /// <exception cref="UnavailableException">The disk is full or read-only; the record is unchanged.</exception>
    public RunVerdict Judge(RunRecord record)
    {
        RunManifest manifest = Judged(record);
        string path = Path.Combine(record.Folder, RunFiles.Manifest);
        string judged = DocumentContract.Readable(manifest);

        // A record of an earlier build lacks members that this build would write. That alone changes nothing.
        if (judged != DocumentContract.Readable(record.Manifest))
        {
            KeepFirst(Path.Combine(record.Folder, EarlierManifest), InputFile.ReadText(path));
            OutputFile.Replace(path, judged);
        }

        return manifest.Verdict;
    }

    /// <summary>Keeps the first manifest. One that an earlier build left half-written is no manifest, and gives way.</summary>
    private static void KeepFirst(string path, string text)
    {
        if (!OutputFile.TryCreate(path, text) && !IsManifest(path))
        {
            OutputFile.Replace(path, text);
        }
    }

    private static bool IsManifest(string path)
    {
        try
        {
            return JsonNode.Parse(InputFile.ReadText(path)) is JsonObject;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>The manifest of a record with the new window and verdict. Nothing is written.</summary>
    public RunManifest Judged(RunRecord record)
    {
        RunManifest manifest = record.Manifest;
        if (manifest.Window is not { } recorded)
        {
            return manifest with { Verdict = RunJudge.Judge(manifest, record) };
        }

        ReadingLog readings = new(new MemorySink());
        foreach (PowerSample sample in record.Power)
        {
            readings.Add(sample);
        }

        MeterDescription[] meters = [.. manifest.Meters.Select(meter => Described(meter, record.Power))];
        MeasurementWindow window = readings.Align(recorded, meters, longestShiftSeconds);
        Dictionary<string, double> counters = new(manifest.Counters);
        counters[RunCounter.WindowRequestsCompleted.Name] =
            new WindowRequests(window, record.Requests.Select(RequestSpan.Of)).ServedRequests;
        if (window != recorded)
        {
            counters[RunCounter.WindowOutputTokens.Name] = TokensIn(window, record);
        }

        RunManifest judged = manifest with
        {
            Evidence = manifest.Evidence.WithEnergy(HeadlineScope.Of(readings.Measure(window, meters))?.IsEstimated),
            Meters = meters,
            Window = window,
            Counters = counters,
            Verdict = new RunVerdict(
            [
                .. manifest.Verdict.Reasons.Where(reason => reason.Subject != VerdictSubject.Energy),
                .. readings.VerdictReasons(window, meters),
            ]),
        };
        return judged with { Verdict = RunJudge.Judge(judged, record) };
    }

    /// <summary>Counts the output tokens in a window.</summary>
    /// <remarks>
    /// Where the record has steps, the tokens of a step count at its end. Otherwise the tokens of a request are spread evenly from
    /// the first to the last.
    /// </remarks>
    public static double TokensIn(MeasurementWindow window, RunRecord record)
    {
        double first = 0;
        double later = 0;
        foreach (RequestRecord request in record.Requests)
        {
            first += request.FirstTokenSeconds is { } seconds && window.Contains(seconds) ? 1 : 0;
            later += LaterTokensIn(window, request);
        }

        double? decoded = null;
        foreach (EngineStep step in record.StreamSteps())
        {
            bool isInside = window.Contains(step.StartSeconds + step.DurationSeconds);
            decoded = (decoded ?? 0) + (isInside ? step.DecodeSequences : 0);
        }

        return first + (decoded ?? later);
    }

    private static double LaterTokensIn(MeasurementWindow window, RequestRecord request) =>
        request is { FirstTokenSeconds: { } first, CompletedSeconds: { } end, OutputTokensCounted: { } tokens and > 0 }
            ? TokenSpread.LaterTokensBetween(
                first, request.LastTokenSeconds ?? end, tokens, window.StartSeconds, window.EndSeconds)
            : 0;

    private MeterDescription Described(MeterDescription meter, IReadOnlyList<PowerSample> power) => meter with
    {
        RefreshSeconds = meter.RefreshSeconds ?? (refreshSeconds.TryGetValue(meter.Name, out double known) ? known : null),
        NotMeasured = meter.NotMeasured ?? (StandsAtZero(meter, power) ? MeterDescription.StandsAtZero : null),
    };

    private static bool StandsAtZero(MeterDescription meter, IReadOnlyList<PowerSample> power) =>
        meter.IsCounter && !power.Any(sample => sample.Meter == meter.Name && sample.CumulativeJoules != 0);
}
