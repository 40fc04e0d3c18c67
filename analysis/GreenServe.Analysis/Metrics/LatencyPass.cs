using GreenServe.Records.Requests;

namespace GreenServe.Analysis.Metrics;

/// <summary>Summarises the latencies of a sample whose requests were counted: exact distributions, and the limits of the SLO.</summary>
internal static class LatencyPass
{
    // As many latencies are gathered in one pass as fit in here: all six for three million requests, and two for ten million.
    private const long GatheredBytes = 160_000_000;

    /// <summary>Gathers the latencies in as few passes as memory allows and gives each distribution to the tallies.</summary>
    /// <param name="requests">Every request of the run.</param>
    /// <param name="pass">The pass that counted them.</param>
    internal static void Over(IReadOnlyCollection<RequestRecord> requests, RequestPass pass)
    {
        RequestTally[] classes = [.. pass.ByClass.Values.Where(tally => tally.Requests > 0)];
        int together = (int)Math.Clamp(GatheredBytes / (sizeof(double) * Math.Max(1L, pass.All.Requests)), 1, RequestLatency.All.Count);
        foreach (RequestLatency[] latencies in RequestLatency.All.Chunk(together))
        {
            foreach (LatencyValues values in Gather(requests, pass, latencies, classes))
            {
                Summarise(values, pass.All, classes);
            }
        }
    }

    private static LatencyValues[] Gather(
        IReadOnlyCollection<RequestRecord> requests, RequestPass pass, RequestLatency[] latencies, RequestTally[] classes)
    {
        LatencyValues[] gathered = [.. latencies.Select(latency => new LatencyValues(latency, classes))];
        Dictionary<RequestTally, int> places = classes.Index().ToDictionary(pair => pair.Item, pair => pair.Index);
        foreach (RequestRecord request in requests)
        {
            if (pass.SampledClassOf(request) is { } ofClass)
            {
                int place = places[ofClass];
                foreach (LatencyValues values in gathered)
                {
                    values.Add(place, request);
                }
            }
        }

        return gathered;
    }

    private static void Summarise(LatencyValues values, RequestTally all, RequestTally[] classes)
    {
        values.Sort();
        (int Place, SloClassLimits Limits)[] limits =
            [.. classes.Index().Where(pair => pair.Item.Limits is not null).Select(pair => (pair.Index, pair.Item.Limits!))];
        all.Slo?.Test(values, limits);
        foreach ((int place, RequestTally ofClass) in classes.Index())
        {
            ofClass.Slo?.Test(values, [(place, ofClass.Limits!)]);
            ofClass.Keep(values.Latency, LatencySummary.Of(values.Of(place), withCurve: false));
        }

        all.Keep(values.Latency, LatencySummary.Of(values.Together(), withCurve: values.Latency.Limited is not null));
    }
}
