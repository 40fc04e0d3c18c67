using CsCheck;
using GreenServe.Analysis.Metrics;
using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;
using GreenServe.Records.Slos;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Analysis.Metrics;

public sealed class RequestPassTests
{
    private static readonly MeasurementWindow Window = new(5, 20, "test");

    // Limits of several metrics, percentiles and classes, in seconds and as multiples of the isolated latency.
    private static readonly SloLimit[] Limits =
    [
        new() { Metric = SloMetric.Ttft, LimitSeconds = 0.8, Percentile = 90 },
        new() { Metric = SloMetric.Ttft, LimitSeconds = 0.5, Percentile = 99, Classes = ["SS", "LL"] },
        new() { Metric = SloMetric.E2e, IsolatedMultiple = 3, Percentile = 50 },
        new() { Metric = SloMetric.Tpot, LimitSeconds = 0.2, Percentile = 75 },
    ];

    private static readonly RunManifest Manifest = new SyntheticRun
    {
        Slo = new SloProfile { Name = "test", Source = "test", Limits = Limits },
    }.Manifest with
    {
        Window = Window,
        Concurrency = null,
        Isolated = [.. RequestClass.All.Index().Select(pair => new IsolatedLatency(pair.Item.Name, 1, 1, 0.3 + pair.Index, "1 x GPU"))],
    };

    private static readonly Gen<RequestRecord> Requests =
        from one in Gen.Select(Gen.Int[0, 8], Gen.Double[0, 25], Gen.Double[0, 0.1], Gen.Double[0, 1.5], Gen.Double[0, 5], Gen.Int[0, 5])
        from other in Gen.Select(Gen.Int[0, 3], Gen.Bool, Gen.Double[1, 9])
        select Request(one, other);

    [Fact]
    public void Over_GivesTheNumbersOfEveryRequestSortedAndFiltered_ToTheLastBit() => Requests.Array[0, 60].Sample(requests =>
    {
        RequestPass pass = Pass(requests);
        RequestRecord[] sample = [.. requests.Where(request => request.ScheduledSeconds is >= 5 and <= 20)];

        Check(pass.All, sample, requests, pass.Traffic!.Served);
        foreach ((string name, RequestTally tally) in pass.ByClass)
        {
            Check(
                tally,
                [.. sample.Where(request => request.Class == name)],
                [.. requests.Where(request => request.Class == name)],
                pass.Traffic.Served);
        }
    });

    [Fact]
    public void Of_ReadsTheRequestsThreeTimes_WhenTheLoopIsOpen()
    {
        using TemporaryFolder folder = new();
        RunRecord record = RunRecord.Read(LargeRecord.Write(folder.PathOf("run"), requests: 300, seconds: 120, gpus: 1));
        CountedSequence<RequestRecord> requests = new(record.Requests);

        RunMetrics metrics = RunMetrics.Of(record, requests);

        // Once for the window, once to count, and once for all latencies together.
        Assert.Equal(3, requests.Passes);
        Assert.Equal(RunMetrics.Of(record).Latencies.Ttft!.P99Seconds, metrics.Latencies.Ttft!.P99Seconds);
    }

    private static RequestPass Pass(RequestRecord[] requests)
    {
        RequestPass pass = RequestPass.Over(requests, Manifest, RequestSample.Of(Manifest, requests, Window), Window);
        LatencyPass.Over(requests, pass);
        return pass;
    }

    private static RequestRecord Request(
        (int Class, double Scheduled, double Lag, double Ttft, double Later, int Tokens) one,
        (int Status, bool HasTimes, double Joules) other)
    {
        double issued = one.Scheduled + one.Lag;
        return new RequestRecord(
            0,
            RequestClass.All[one.Class].Name,
            one.Scheduled,
            issued,
            other.HasTimes ? issued + one.Ttft : null,
            issued + one.Ttft + one.Later,
            10,
            10,
            5,
            one.Tokens == 0 ? null : one.Tokens,
            other.Status switch { 0 => RequestStatus.Cancelled, 1 => RequestStatus.TimedOut, _ => RequestStatus.Completed })
        {
            EnergyJoules = other.Joules,
        };
    }

    private static void Check(RequestTally tally, RequestRecord[] sample, RequestRecord[] all, WindowRequests served)
    {
        RequestRecord[] completed = [.. sample.Where(request => request.Status == RequestStatus.Completed)];
        Latencies latencies = tally.Latencies([]);

        Assert.Equal((sample.Length, completed.Length), (tally.Counts.Total, tally.Counts.Completed));
        Assert.Equal(sample.Length - completed.Length, tally.Counts.NotCompleted.Values.Sum());
        Assert.Equal(
            completed.Length == 0 ? null : completed.Average(request => request.EnergyJoules!.Value), tally.AttributedJoules.Value);
        Check(completed.Select(request => request.FirstTokenSeconds - request.IssuedSeconds), latencies.Ttft);
        Check(completed.Select(request => request.FirstTokenSeconds - request.ScheduledSeconds), latencies.TtftFromScheduled);
        Check(completed.Select(Tpot), latencies.Tpot);
        Check(completed.Select(request => request.CompletedSeconds - request.IssuedSeconds), latencies.E2e);
        Check(completed.Select(request => request.CompletedSeconds - request.ScheduledSeconds), latencies.E2eFromScheduled);
        Check(sample.Select(request => request.IssuedSeconds - request.ScheduledSeconds), latencies.ScheduleLag);

        SloOutcome slo = tally.Slo!.Outcome(new Dictionary<string, LatencyHistogram>(), served);
        bool?[] within = [.. sample.Select(IsWithin)];
        Assert.Equal(
            (within.Count(one => one is not null), within.Count(one => one == true), within.Count(one => one is null)),
            (slo.DecidedRequests, slo.WithinRequests, slo.UndecidedRequests));
        Assert.Equal(Goodput(all, served), slo.Goodput.Value!.Value);
        Assert.Equal(Limits.Select(limit => Ratio(limit, sample)), slo.Limits.Select(limit => limit.Ratio));
    }

    private static void Check(IEnumerable<double?> values, LatencySummary? found)
    {
        double[] sorted = [.. values.OfType<double>().Order()];
        double Percentile(double percent) => sorted[Math.Max(1, (int)Math.Ceiling((percent * sorted.Length / 100) - 1e-9)) - 1];
        (long, double, double, double, double, double)? expected = sorted.Length == 0
            ? null
            : (sorted.Length, sorted.Average(), Percentile(50), Percentile(90), Percentile(99), sorted[^1]);

        Assert.Equal(expected, found is null
            ? null
            : (found.Count, found.MeanSeconds, found.P50Seconds, found.P90Seconds, found.P99Seconds, found.MaxSeconds));
    }

    private static double? Tpot(RequestRecord request) => request.OutputTokensCounted > 1
        ? (request.CompletedSeconds - request.FirstTokenSeconds) / (request.OutputTokensCounted - 1)
        : null;

    private static double? Latency(RequestRecord request, SloMetric metric) => metric switch
    {
        SloMetric.Ttft => request.FirstTokenSeconds - request.IssuedSeconds,
        SloMetric.E2e => request.CompletedSeconds - request.IssuedSeconds,
        _ => Tpot(request),
    };

    private static double Seconds(SloLimit limit, string requestClass) =>
        limit.LimitSeconds ?? (3 * Manifest.Isolated.First(one => one.Class == requestClass).E2eSeconds);

    /// <summary>Whether a request that did not complete has waited for longer than a limit.</summary>
    private static bool Misses(RequestRecord request, SloLimit limit)
    {
        double waited = limit.Metric switch
        {
            SloMetric.Ttft => (request.FirstTokenSeconds ?? request.CompletedSeconds!.Value) - request.IssuedSeconds!.Value,
            SloMetric.E2e => request.CompletedSeconds!.Value - request.IssuedSeconds!.Value,
            _ => 0,
        };
        return request.Status == RequestStatus.TimedOut || waited > Seconds(limit, request.Class);
    }

    private static bool? IsWithin(RequestRecord request)
    {
        SloLimit[] counted = [.. Limits.Where(limit => limit.AppliesTo(request.Class)).GroupBy(limit => limit.Metric)
            .Select(group => group.OrderByDescending(limit => limit.Percentile).First())];
        bool IsUnknown(SloLimit limit) => Latency(request, limit.Metric) is null
            && (limit.Metric == SloMetric.Ttft || request.OutputTokensCounted is not 1);
        return request.Status switch
        {
            RequestStatus.Completed => counted.Any(limit => Latency(request, limit.Metric) > Seconds(limit, request.Class)) ? false
                : counted.Any(IsUnknown) ? null
                : true,
            RequestStatus.Cancelled => counted.Any(limit => Misses(request, limit)) ? false : null,
            _ => false,
        };
    }

    private static double Goodput(RequestRecord[] all, WindowRequests served)
    {
        double Sum(Func<RequestRecord, bool> counts) =>
            all.Where(counts).Aggregate(0.0, (sum, request) => sum + served.Share(RequestSpan.Of(request)));
        double within = Sum(request => IsWithin(request) == true);
        double late = Sum(request => IsWithin(request) == false && request.Status == RequestStatus.Completed);
        double cut = Sum(request => IsWithin(request) is null && request.Status == RequestStatus.Cancelled);
        return (within > 0 ? within + (cut * within / (within + late)) : 0) / 15;
    }

    private static double? Ratio(SloLimit limit, RequestRecord[] sample)
    {
        RequestRecord[] subject = [.. sample.Where(request => limit.AppliesTo(request.Class))];
        double[] ratios =
        [
            .. subject.Where(request => request.Status == RequestStatus.Completed && Latency(request, limit.Metric) is not null)
                .Select(request => Latency(request, limit.Metric)!.Value / Seconds(limit, request.Class)).Order(),
            .. subject.Where(request => request.Status != RequestStatus.Completed && Misses(request, limit))
                .Select(_ => double.PositiveInfinity),
        ];
        return ratios.Length == 0 ? null
            : ratios[Math.Max(1, (int)Math.Ceiling((limit.Percentile * ratios.Length / 100) - 1e-9)) - 1];
    }
}
