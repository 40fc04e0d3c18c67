using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Records.Runs;

namespace GreenServe.Analysis.Metrics;

/// <summary>What a single pass over the requests of a run counts. It keeps no request, but for those that the client cancelled.</summary>
/// <remarks>
/// Sums are taken in the order of the record, so that their last digits are the same however the requests are stored. Percentiles need the
/// values in order; <see cref="LatencyPass"/> gathers them.
/// </remarks>
internal sealed class RequestPass
{
    private readonly RequestSample sample;
    private readonly SloLimits? slo;
    private readonly WindowTraffic.Tally? traffic;
    private readonly Dictionary<string, RequestTally> byClass = [];
    private readonly List<(RequestSpan Span, RequestTally OfClass)> undecided = [];

    private RequestPass(RunManifest manifest, RequestSample sample, MeasurementWindow? window)
    {
        this.sample = sample;
        slo = SloLimits.Of(manifest);
        traffic = window is null ? null : new WindowTraffic.Tally(manifest, window);
        Sample = new SampleTally(sample);
        All = new RequestTally(slo);
    }

    /// <summary>The sample, as far as the verdict needs it.</summary>
    internal SampleTally Sample { get; }

    /// <summary>All requests together.</summary>
    internal RequestTally All { get; }

    /// <summary>The requests of each class that occurs in the run.</summary>
    internal IReadOnlyDictionary<string, RequestTally> ByClass => byClass;

    /// <summary>What was served in the window; <c>null</c> without a window.</summary>
    internal WindowTraffic? Traffic { get; private set; }

    /// <summary>Number of completed requests of the whole run.</summary>
    internal long CompletedRequests { get; private set; }

    /// <summary>Number of output tokens of the completed requests of the whole run.</summary>
    internal long OutputTokens { get; private set; }

    /// <summary>Counts the requests of a run.</summary>
    /// <param name="requests">Every request of the run.</param>
    /// <param name="manifest">The run.</param>
    /// <param name="sample">Chooses the requests whose latencies count.</param>
    /// <param name="window">The steady window; <c>null</c> without one.</param>
    internal static RequestPass Over(
        IReadOnlyCollection<RequestRecord> requests, RunManifest manifest, RequestSample sample, MeasurementWindow? window)
    {
        RequestPass pass = new(manifest, sample, window);
        foreach (RequestRecord request in requests)
        {
            pass.Add(request);
        }

        pass.Complete();
        return pass;
    }

    /// <summary>The tally of the class of a request whose latencies count; <c>null</c> for any other request.</summary>
    internal RequestTally? SampledClassOf(RequestRecord request) => sample.Contains(request) ? byClass[request.Class] : null;

    private void Add(RequestRecord request)
    {
        if (!byClass.TryGetValue(request.Class, out RequestTally? ofClass))
        {
            byClass[request.Class] = ofClass = new RequestTally(slo) { Limits = slo?.Of(request.Class) };
        }

        if (request.Status == RequestStatus.Completed)
        {
            CompletedRequests++;
            OutputTokens += request.OutputTokensCounted ?? request.OutputTokensAsked;
        }

        bool? isWithin = ofClass.Limits?.IsWithin(request);
        if (Sample.Add(request))
        {
            All.Add(request, ofClass.Limits, isWithin);
            ofClass.Add(request, ofClass.Limits, isWithin);
        }

        if (traffic is null)
        {
            return;
        }

        traffic.Add(request);
        RequestSpan span = RequestSpan.Of(request);
        if (isWithin is not null)
        {
            double share = traffic.Served.Share(span);
            All.Slo?.AddToWindow(request, isWithin, share);
            ofClass.Slo?.AddToWindow(request, isWithin, share);
        }
        else if (request.Status == RequestStatus.Cancelled && slo is not null)
        {
            undecided.Add((span, ofClass));
        }
    }

    private void Complete()
    {
        Traffic = traffic?.Traffic();
        foreach ((RequestSpan span, RequestTally ofClass) in undecided)
        {
            double share = traffic!.Served.Share(span);
            All.Slo!.AddCut(share);
            ofClass.Slo!.AddCut(share);
        }
    }
}

/// <summary>Counts the requests of a sample, or of one request class of it, one by one.</summary>
/// <param name="slo">The SLO; <c>null</c> where the run has none.</param>
internal sealed class RequestTally(SloLimits? slo)
{
    private readonly Dictionary<RequestStatus, int> notCompleted = [];
    private readonly Dictionary<RequestLatency, LatencySummary?> latencies = [];
    private double joules;
    private bool lacksEnergy;

    /// <summary>The limits of the SLO for the class; <c>null</c> for all classes together, and without an SLO.</summary>
    internal SloClassLimits? Limits { get; init; }

    /// <summary>Number of requests of the sample.</summary>
    internal int Requests { get; private set; }

    /// <summary>Number of requests of the sample that were completed.</summary>
    internal int Completed { get; private set; }

    /// <summary>How the SLO was held; <c>null</c> without an SLO.</summary>
    internal SloTally? Slo { get; } = slo is null ? null : new SloTally(slo);

    /// <summary>How the requests ended.</summary>
    internal RequestCounts Counts => new(Requests, Completed, notCompleted);

    /// <summary>Mean energy attributed to a completed request (J).</summary>
    internal Reading AttributedJoules => Completed == 0 ? Reading.Missing("no request was completed")
        : lacksEnergy ? Reading.Missing("only windows were metered, not requests")
        : Reading.Of(joules / Completed);

    /// <summary>Adds a request of the sample.</summary>
    /// <param name="request">The request.</param>
    /// <param name="limits">The limits of its class; <c>null</c> without an SLO.</param>
    /// <param name="isWithin">Whether it is within the SLO; <c>null</c> where that is not certain.</param>
    internal void Add(RequestRecord request, SloClassLimits? limits, bool? isWithin)
    {
        Requests++;
        if (limits is not null)
        {
            Slo!.AddToSample(request, limits, isWithin);
        }

        if (request.Status != RequestStatus.Completed)
        {
            notCompleted[request.Status] = notCompleted.GetValueOrDefault(request.Status) + 1;
            return;
        }

        Completed++;
        joules += request.EnergyJoules ?? 0;
        lacksEnergy |= request.EnergyJoules is null;
    }

    /// <summary>Keeps the distribution of a latency.</summary>
    internal void Keep(RequestLatency latency, LatencySummary? summary) => latencies[latency] = summary;

    /// <summary>The distributions of the latencies, when all of them are kept.</summary>
    /// <param name="gaps">Token gaps; empty if they were not kept.</param>
    internal Latencies Latencies(IEnumerable<LatencyHistogram> gaps) => Metrics.Latencies.Of(latencies.GetValueOrDefault, gaps);
}
