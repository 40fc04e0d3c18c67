using GreenServe.Records.Requests;
using GreenServe.Simulation.Runs;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Simulation.Capacity;

/// <summary>
/// What an operator knows of a service from earlier traffic: the lengths of its requests, the share of each class and its busiest five
/// minutes. It does not tell when a request comes or how long it is.
/// </summary>
/// <remarks>
/// A simulated run has no earlier traffic. Its own requests stand for it: the first 256 of each class and the first 8,192 of all for the
/// lengths, and at most 65,536 that are spread evenly over the run for the rates.
/// </remarks>
public sealed class TrafficHistory
{
    /// <summary>Length of the periods whose rate is known, in seconds.</summary>
    public const double SlotSeconds = 300;

    private const int MaxLookedAt = 65_536;

    /// <summary>Largest number of requests of a class whose lengths are known.</summary>
    internal const int MaxOfClass = 256;

    private const int MaxOfMix = 8192;

    private readonly RequestLengths[][] lengths;
    private readonly double[] shares;
    private readonly double[] peaks;

    private TrafficHistory(RequestLengths[][] lengths, RequestLengths[] mix, double[] shares, double[] peaks)
    {
        this.lengths = lengths;
        this.shares = shares;
        this.peaks = peaks;
        Mix = mix;
    }

    /// <summary>Lengths of requests of all classes in the shares in which they came.</summary>
    public IReadOnlyList<RequestLengths> Mix { get; }

    /// <summary>The highest rate of all requests in any period of <see cref="SlotSeconds"/>, in requests per second.</summary>
    public double PeakRequestsPerSecond { get; private init; }

    /// <summary>The history that the requests of a run stand for.</summary>
    /// <param name="schedule">The requests, at least one.</param>
    public static TrafficHistory Of(RequestSchedule schedule)
    {
        int count = schedule.Requests.Count;
        int stride = (count + MaxLookedAt - 1) / MaxLookedAt;
        double end = schedule.Requests[count - 1].ScheduledSeconds;
        int slots = Math.Max(1, (int)Math.Ceiling(end / SlotSeconds));
        double[][] arrived = [.. Enumerable.Range(0, slots).Select(_ => new double[RequestClass.All.Count])];
        for (int index = 0; index < count; index += stride)
        {
            ScheduledRequest request = schedule.Requests[index];
            arrived[Math.Min(slots - 1, (int)(request.ScheduledSeconds / SlotSeconds))][GapCounts.IndexOf(request.Class)] += stride;
        }

        double slotSeconds = Math.Min(SlotSeconds, Math.Max(1e-6, end));
        double all = arrived.Sum(slot => slot.Sum());
        return new TrafficHistory(
            LengthsOf(schedule),
            [.. schedule.Requests.Take(MaxOfMix).Select(request => new RequestLengths(request.InputTokens, request.OutputTokens))],
            [.. RequestClass.All.Select((_, number) => arrived.Sum(slot => slot[number]) / all)],
            [.. RequestClass.All.Select((_, number) => arrived.Max(slot => slot[number]) / slotSeconds)])
        {
            PeakRequestsPerSecond = arrived.Max(slot => slot.Sum()) / slotSeconds,
        };
    }

    /// <summary>Lengths of requests of a class; a typical request where none came.</summary>
    /// <param name="requestClass">The class.</param>
    public IReadOnlyList<RequestLengths> Of(RequestClass requestClass) => lengths[GapCounts.IndexOf(requestClass)];

    /// <summary>Share of the requests that are of a class, from 0 to 1.</summary>
    /// <param name="requestClass">The class.</param>
    public double ClassShare(RequestClass requestClass) => shares[GapCounts.IndexOf(requestClass)];

    /// <summary>The highest rate of a class in any period of <see cref="SlotSeconds"/>, in requests per second.</summary>
    /// <param name="requestClass">The class.</param>
    public double ClassPeakRequestsPerSecond(RequestClass requestClass) => peaks[GapCounts.IndexOf(requestClass)];

    private static RequestLengths[][] LengthsOf(RequestSchedule schedule)
    {
        List<RequestLengths>[] found = [.. RequestClass.All.Select(_ => new List<RequestLengths>())];
        int looked = Math.Min(MaxLookedAt, schedule.Requests.Count);
        for (int index = 0; index < looked; index++)
        {
            ScheduledRequest request = schedule.Requests[index];
            List<RequestLengths> own = found[GapCounts.IndexOf(request.Class)];
            if (own.Count < MaxOfClass)
            {
                own.Add(new RequestLengths(request.InputTokens, request.OutputTokens));
            }
        }

        return [.. found.Select((own, number) => own.Count > 0 ? [.. own] : Typical(RequestClass.All[number], schedule.Classes))];
    }

    private static RequestLengths[] Typical(RequestClass requestClass, RequestClassCuts cuts)
    {
        (int input, int output) = TypicalLengths.Of(requestClass, cuts);
        return [new RequestLengths(input, output)];
    }
}
