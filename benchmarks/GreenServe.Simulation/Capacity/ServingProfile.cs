using GreenServe.Records.Requests;
using GreenServe.Simulation.Physics;
using GreenServe.Simulation.Runs;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Simulation.Capacity;

/// <summary>
/// What one instance carries of requests of given lengths, and the power that it draws for it: what an operator learns by profiling before
/// traffic comes. Found by simulating Poisson arrivals; the same inputs give the same profile.
/// </summary>
/// <remarks>
/// The capacity is the highest rate at which a run of 600 to 8,192 requests meets the SLO, to 2 %. Its first fifth is not judged. Two seeds
/// of the arrivals would differ by some 5 %, since the SLO limits a tail; the arrivals here are always the same.
/// </remarks>
public sealed class ServingProfile
{
    private const double ResolutionRatio = 1.02;
    private const double FirstStepRatio = 1.5;
    private const double WarmUpShare = 0.2;
    private const double ResidencesCovered = 12;

    /// <summary>A rate at which requests of any length hardly ever meet, in requests per second.</summary>
    private const double RareRequestsPerSecond = 1.0 / 1024;

    /// <summary>Smallest number of requests of a run of one class.</summary>
    private const int MinOfOneClass = 600;

    /// <summary>The batch at which the first guess of a capacity is made.</summary>
    private const int GuessedBatch = 32;

    /// <summary>The lowest capacity that is looked for, as a share of the guess.</summary>
    private const double LowestShare = 1.0 / 256;

    private static readonly double[] PowerShares = [0.125, 0.25, 0.5, 0.75, 1];

    private readonly IReadOnlyList<RequestLengths> lengths;
    private readonly RequestClassCuts cuts;
    private readonly SloByClass limits;
    private readonly Lazy<(double RequestsPerSecond, double Watts)[]> power;

    private ServingProfile(SimulatedSystem system, IReadOnlyList<RequestLengths> lengths, RequestClassCuts cuts, SloByClass limits)
    {
        System = system;
        this.lengths = lengths;
        this.cuts = cuts;
        this.limits = limits;
        power = new(ProfilePower);
    }

    /// <summary>The instance.</summary>
    public SimulatedSystem System { get; }

    /// <summary>
    /// The highest rate within the SLO, in requests per second; 0 where the instance cannot exist, cannot hold such a request, or misses
    /// the SLO at any rate.
    /// </summary>
    public double CapacityRequestsPerSecond { get; private set; }

    /// <summary>Mean number of requests that the instance has at its capacity.</summary>
    public double MeanRequests { get; private set; }

    /// <summary>Profiles an instance.</summary>
    /// <param name="system">The instance.</param>
    /// <param name="lengths">Lengths of the requests, which are used in turn; at least one.</param>
    /// <param name="cuts">Lengths at which classes begin.</param>
    /// <param name="limits">The SLO.</param>
    /// <param name="expectedRequestsPerSecond">Where the search begins, in requests per second; <c>null</c> for a guess.</param>
    public static ServingProfile Of(
        SimulatedSystem system,
        IReadOnlyList<RequestLengths> lengths,
        RequestClassCuts cuts,
        SloByClass limits,
        double? expectedRequestsPerSecond = null)
    {
        ServingProfile profile = new(system, lengths, cuts, limits);
        if (SimulatedRun.Check(new RequestSchedule(new PoissonLoad(lengths, cuts, 1, lengths.Count)), system).Count == 0)
        {
            profile.FindCapacity(expectedRequestsPerSecond ?? profile.Guess());
        }

        return profile;
    }

    /// <summary>
    /// Mean power of all accelerators of the instance at a rate, in watts. Above the capacity it is that at the capacity.
    /// </summary>
    /// <exception cref="Records.InvalidInputException">The instance cannot exist.</exception>
    /// <param name="requestsPerSecond">The rate, in requests per second, at least 0.</param>
    public double Watts(double requestsPerSecond)
    {
        (double RequestsPerSecond, double Watts)[] points = power.Value;
        for (int next = 1; next < points.Length; next++)
        {
            if (requestsPerSecond <= points[next].RequestsPerSecond)
            {
                ((double fromRate, double fromWatts), (double toRate, double toWatts)) = (points[next - 1], points[next]);
                return fromWatts + ((toWatts - fromWatts) * (requestsPerSecond - fromRate) / (toRate - fromRate));
            }
        }

        return points[^1].Watts;
    }

    private void FindCapacity(double expected)
    {
        SloJudge alone = Serve(RareRequestsPerSecond, MinRequests);
        double failing = alone.IsMet ? double.PositiveInfinity : 0;
        double residence = alone.MeanSeconds;
        while (Next(CapacityRequestsPerSecond, failing, expected) is { } rate)
        {
            SloJudge run = Serve(rate, RequestsFor(rate, residence, MinRequests));
            if (run.IsMet)
            {
                residence = run.MeanSeconds;
                (CapacityRequestsPerSecond, MeanRequests) = (rate, rate * residence);
            }
            else
            {
                failing = rate;
            }
        }
    }

    /// <summary>
    /// The next rate to try; <c>null</c> when the capacity is known, or when the SLO is missed although requests hardly ever meet.
    /// </summary>
    private static double? Next(double passing, double failing, double expected)
    {
        if (double.IsPositiveInfinity(failing))
        {
            return passing == 0 ? expected : FirstStepRatio * passing;
        }

        if (passing == 0)
        {
            return failing <= LowestShare * expected ? null : failing / FirstStepRatio;
        }

        return failing / passing <= ResolutionRatio ? null : Math.Sqrt(passing * failing);
    }

    /// <summary>Half the rate at which mean requests would fill the time of the instance in batches of a usual size.</summary>
    private double Guess()
    {
        StepTable steps = new(System);
        double inputs = lengths.Average(own => own.InputTokens);
        double outputs = lengths.Average(own => own.OutputTokens);
        long context = (long)(GuessedBatch * (inputs + (outputs / 2)));
        double tokenSeconds = steps.DecodeSeconds(GuessedBatch, context) / GuessedBatch;
        return 0.5 / (steps.PrefillSeconds((int)inputs) + (outputs * tokenSeconds));
    }

    /// <summary>Requests of each of the classes must be enough for a percentile of them.</summary>
    private int MinRequests => lengths.Count > TrafficHistory.MaxOfClass ? PoissonLoad.MaxRequests : MinOfOneClass;

    /// <summary>Enough requests that the run lasts for many of them after one another.</summary>
    private static int RequestsFor(double rate, double residenceSeconds, int min) =>
        (int)Math.Clamp(ResidencesCovered * rate * residenceSeconds, min, PoissonLoad.MaxRequests);

    private SloJudge Serve(double requestsPerSecond, int count)
    {
        PoissonLoad load = new(lengths, cuts, requestsPerSecond, count);
        double end = load[count - 1].ScheduledSeconds;
        SloJudge judge = new(limits, WarmUpShare * end, end);
        SimulatedRun.Execute(new RequestSchedule(load, warmUpSeconds: WarmUpShare * end), System, judge);
        return judge;
    }

    private (double RequestsPerSecond, double Watts)[] ProfilePower()
    {
        double idle = System.StepModel().LoadedIdleWatts.Middle;
        if (CapacityRequestsPerSecond == 0)
        {
            return [(0, idle)];
        }

        double residence = MeanRequests / CapacityRequestsPerSecond;
        return
        [
            (0, idle),
            .. PowerShares.Select(share => share * CapacityRequestsPerSecond)
                .Select(rate => (rate, Serve(rate, RequestsFor(rate, residence, MinOfOneClass)).MeanWatts)),
        ];
    }
}
