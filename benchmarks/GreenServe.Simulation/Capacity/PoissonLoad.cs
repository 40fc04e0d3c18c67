using System.Collections;
using GreenServe.Records.Requests;
using GreenServe.Workloads;
using GreenServe.Workloads.Arrivals;
using GreenServe.Workloads.Lengths;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Simulation.Capacity;

/// <summary>
/// Requests that arrive as a Poisson process of any rate. Their order, lengths and relative gaps are always the same, so that two rates
/// differ in nothing but the rate.
/// </summary>
internal sealed class PoissonLoad : IReadOnlyList<ScheduledRequest>
{
    /// <summary>Largest number of requests.</summary>
    internal const int MaxRequests = 8192;

    private static readonly Lazy<double[]> UnitSeconds = new(DrawUnitSeconds);

    private readonly IReadOnlyList<RequestLengths> lengths;
    private readonly RequestClassCuts cuts;
    private readonly double requestsPerSecond;

    /// <summary>Makes the requests.</summary>
    /// <param name="lengths">Their lengths, which are used in turn.</param>
    /// <param name="cuts">Lengths at which classes begin.</param>
    /// <param name="requestsPerSecond">The rate, in requests per second, above 0.</param>
    /// <param name="count">Number of requests, at most <see cref="MaxRequests"/>.</param>
    internal PoissonLoad(IReadOnlyList<RequestLengths> lengths, RequestClassCuts cuts, double requestsPerSecond, int count)
    {
        this.lengths = lengths;
        this.cuts = cuts;
        this.requestsPerSecond = requestsPerSecond;
        Count = count;
    }

    /// <inheritdoc />
    public int Count { get; }

    /// <inheritdoc />
    public ScheduledRequest this[int index]
    {
        get
        {
            RequestLengths own = lengths[index % lengths.Count];
            RequestClass requestClass = cuts.Classify(own.InputTokens, own.OutputTokens);
            double seconds = UnitSeconds.Value[index] / requestsPerSecond;
            return new ScheduledRequest(index, seconds, requestClass, own.InputTokens, own.OutputTokens);
        }
    }

    /// <inheritdoc />
    public IEnumerator<ScheduledRequest> GetEnumerator()
    {
        for (int index = 0; index < Count; index++)
        {
            yield return this[index];
        }
    }

    /// <inheritdoc />
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static double[] DrawUnitSeconds()
    {
        FixedLength one = new() { Tokens = 1 };
        Workload workload = new()
        {
            Name = "profile",
            Purpose = "arrivals at one request per second",
            Source = "none",
            Model = "none",
            Arrival = new PoissonArrival { RequestsPerSecond = 1 },
            Lengths = new IndependentLengths { Input = one, Output = one },
            Requests = MaxRequests,
        };
        return [.. RequestSchedule.For(workload).Requests.Select(request => request.ScheduledSeconds)];
    }
}
