using GreenServe.Analysis.Statistics;
using GreenServe.Records.EnergyAccounting;
using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Running.Live;
using GreenServe.Watching.Courses;

namespace GreenServe.Watching.Recorded;

/// <summary>The course of a run as its tables tell it: rates, latencies, power and energy at any moment.</summary>
/// <remarks>
/// A request is in the table once it has ended. So everything is counted at the ends of requests, and a moment that has passed does not
/// change any more while the record grows.
/// </remarks>
internal sealed class RecordCourse
{
    internal const string Rule = "Rates and latencies are of the requests that ended in the 10 s before. J per output token is the energy "
        + "of the headline scope since the first request, divided by the tokens of the requests that had ended: it is too high at first.";

    /// <summary>Power is a mean over so long (s).</summary>
    private const double PowerSeconds = 1;

    private const double WindowSeconds = LiveSnapshot.LoadWindowSeconds;

    private readonly RequestRecord[] byEnd;
    private readonly double[] ends;
    private readonly double[] issues;
    private readonly double[] tokens;
    private readonly int[] issuedThenEnded;
    private readonly bool isWhole;
    private readonly IReadOnlyList<(string Meter, EnergyCourse Course, MeterSeries Series)> power;
    private readonly IReadOnlyList<EnergyCourse> headline;

    private RecordCourse(RunRecord record, IReadOnlyList<MeterDescription> meters)
    {
        byEnd = [.. record.Requests.Where(request => request.CompletedSeconds is not null).OrderBy(request => request.CompletedSeconds)];
        ends = Array.ConvertAll(byEnd, request => request.CompletedSeconds!.Value);
        issues = [.. record.Requests.Select(request => request.IssuedSeconds).OfType<double>().Order()];
        tokens = new double[byEnd.Length + 1];
        issuedThenEnded = new int[byEnd.Length + 1];
        for (int index = 0; index < byEnd.Length; index++)
        {
            tokens[index + 1] = tokens[index] + (byEnd[index].OutputTokensCounted ?? 0);
            issuedThenEnded[index + 1] = issuedThenEnded[index] + (byEnd[index].IssuedSeconds is null ? 0 : 1);
        }

        // What is in flight is known only once its end is in the table.
        isWhole = record.Manifest.DurationSeconds is not null && !record.Manifest.Verdict.IsInterrupted;
        power = [.. meters.Select(meter => Read(meter, record.MeterReadings)).OfType<(string, EnergyCourse, MeterSeries)>()];
        headline = FindHeadline(record);
        LastSeconds = Math.Max(
            ends.Length > 0 ? ends[^1] : 0, power.Select(meter => meter.Series.Seconds[^1]).DefaultIfEmpty(0).Max());
    }

    /// <summary>The latest time in the tables (s from the start of the run); 0 where they are empty.</summary>
    internal double LastSeconds { get; }

    /// <summary>Requests that have completed.</summary>
    internal long Completed => byEnd.LongCount(request => request.Status == RequestStatus.Completed);

    /// <summary>Requests that have ended otherwise.</summary>
    internal long Failed => byEnd.LongLength - Completed;

    /// <summary>Reads the course of a record.</summary>
    /// <param name="record">The record, complete or not.</param>
    /// <param name="meters">The meters whose power is shown.</param>
    internal static RecordCourse Of(RunRecord record, IReadOnlyList<MeterDescription> meters) => new(record, meters);

    /// <summary>The numbers at a time (s from the start of the run).</summary>
    internal LiveMoment At(double seconds, int pointsEnded)
    {
        double begin = issues.Length > 0 ? issues[0] : double.PositiveInfinity;
        double length = Math.Min(WindowSeconds, seconds - begin);
        int to = CountUpTo(ends, seconds);
        int from = CountUpTo(ends, seconds - WindowSeconds);
        RequestRecord[] completed = [.. byEnd[from..to].Where(request => request.Status == RequestStatus.Completed)];
        double[] ttft = Ordered(completed.Select(request => request.FirstTokenSeconds - request.IssuedSeconds));
        double[] tpot = Ordered(completed.Select(TpotOf));
        bool isLoaded = length > 0 && (to < byEnd.Length || from < to);
        return new LiveMoment
        {
            ElapsedSeconds = seconds,
            PointsEnded = pointsEnded,
            InFlightRequests = isWhole ? CountUpTo(issues, seconds) - issuedThenEnded[to] : null,
            RequestsPerSecond = isLoaded ? completed.Length / length : null,
            OutputTokensPerSecond = isLoaded ? (tokens[to] - tokens[from]) / length : null,
            TtftP50Seconds = NearestRank.Of(ttft, 50),
            TtftP99Seconds = NearestRank.Of(ttft, 99),
            TpotP50Seconds = NearestRank.Of(tpot, 50),
            TpotP99Seconds = NearestRank.Of(tpot, 99),
            JoulesPerOutputToken = isLoaded && headline.Count > 0 && tokens[to] > 0
                ? headline.Sum(meter => meter.Joules(begin, seconds)) / tokens[to]
                : null,
            MeterWatts = power.Where(meter => seconds - PowerSeconds >= meter.Series.Seconds[0]
                    && seconds <= meter.Series.Seconds[^1] + PowerSeconds)
                .ToDictionary(meter => meter.Meter, meter => meter.Course.Joules(seconds - PowerSeconds, seconds) / PowerSeconds),
        };
    }

    private static double? TpotOf(RequestRecord request) => request.OutputTokensCounted is > 1
        ? ((request.LastTokenSeconds ?? request.CompletedSeconds) - request.FirstTokenSeconds) / (request.OutputTokensCounted - 1)
        : null;

    private static double[] Ordered(IEnumerable<double?> values) => [.. values.OfType<double>().Order()];

    /// <summary>Number of values up to and including a limit.</summary>
    private static int CountUpTo(double[] ascending, double limit)
    {
        int low = 0;
        int high = ascending.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = ascending[middle] <= limit ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    /// <summary>The energy of a meter over time; <c>null</c> for one whose readings give no power.</summary>
    private static (string, EnergyCourse, MeterSeries)? Read(MeterDescription meter, IReadOnlyDictionary<string, MeterSeries> readings)
    {
        if (meter.NotMeasured is not null || readings.GetValueOrDefault(meter.Name)?.NumbersOf(meter) is not { Count: > 1 } series)
        {
            return null;
        }

        EnergyCourse course = EnergyCourse.Of(meter, series);
        bool isStill = series.IsCounter && !(course.Joules(series.Seconds[0], series.Seconds[^1]) > 0);
        return isStill ? null : (meter.Name, course, series);
    }

    private IReadOnlyList<EnergyCourse> FindHeadline(RunRecord record)
    {
        if (issues.Length == 0 || ends.Length == 0)
        {
            return [];
        }

        ScopeEnergy? scope = HeadlineScope.Of(WindowEnergy.Measure(record.Manifest.Meters, record.MeterReadings, issues[0], ends[^1]));
        Dictionary<string, EnergyCourse> known = power.ToDictionary(meter => meter.Meter, meter => meter.Course);
        string[] names = [.. scope?.Readings.Select(reading => reading.Meter) ?? []];
        return Array.TrueForAll(names, known.ContainsKey) ? [.. names.Select(name => known[name])] : [];
    }
}
