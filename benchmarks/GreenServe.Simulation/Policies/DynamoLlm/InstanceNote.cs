using GreenServe.Simulation.Capacity;

namespace GreenServe.Simulation.Policies.DynamoLlm;

/// <summary>What the policy knows of an instance: its pool, what it carries there, its clock, and how many requests it was given.</summary>
internal sealed class InstanceNote
{
    /// <summary>Time over which rates are averaged, in seconds.</summary>
    private const double MemorySeconds = 60;

    /// <summary>
    /// Burst that an instance takes at once, in standard deviations of the number of requests that it has at its capacity.
    /// </summary>
    private const double BurstDeviations = 1.5;

    private double credit = double.PositiveInfinity;
    private double creditAtSeconds;
    private double given;

    /// <summary>The pool that these values are for.</summary>
    internal required int Pool { get; init; }

    /// <summary>Tensor parallelism of the instance.</summary>
    internal required int Degree { get; init; }

    /// <summary>Number of its clock in the list of clocks.</summary>
    internal required int Clock { get; set; }

    /// <summary>Times and energies of its steps at this clock.</summary>
    internal required StepTable Steps { get; set; }

    /// <summary>What it carries of its pool's requests at the highest clock, in requests per second.</summary>
    internal required double CapacityRequestsPerSecond { get; init; }

    /// <summary>Mean number of requests that it has at this capacity.</summary>
    internal required double MeanRequests { get; init; }

    /// <summary>The rate of requests given to it, averaged over a minute, in requests of its pool per second.</summary>
    internal double RequestsPerSecond { get; private set; }

    /// <summary>Stage of its emergency, from 0 for none to 4.</summary>
    internal int Stage { get; set; }

    /// <summary>
    /// Whether one request more keeps the instance at its capacity, bursts excepted. The number of its requests at its capacity is taken as
    /// Poisson distributed.
    /// </summary>
    /// <param name="nowSeconds">The present time, in seconds from the start of the run.</param>
    /// <param name="weightRequests">Requests of its pool that the request stands for.</param>
    internal bool HasRoom(double nowSeconds, double weightRequests)
    {
        double burst = 1 + (BurstDeviations * Math.Sqrt(MeanRequests));
        credit = Math.Min(burst, credit + ((nowSeconds - creditAtSeconds) * CapacityRequestsPerSecond));
        creditAtSeconds = nowSeconds;
        return CapacityRequestsPerSecond > 0 && credit >= Math.Min(weightRequests, burst);
    }

    /// <summary>Counts a request that the instance is given.</summary>
    /// <param name="weightRequests">Requests of its pool that the request stands for.</param>
    internal void Give(double weightRequests)
    {
        given += weightRequests;
        credit -= weightRequests;
    }

    /// <summary>Takes the requests since the last call into the rate.</summary>
    /// <param name="periodSeconds">Time since the last call, in seconds.</param>
    internal void EndPeriod(double periodSeconds)
    {
        double part = Math.Min(1, periodSeconds / MemorySeconds);
        RequestsPerSecond += part * ((given / periodSeconds) - RequestsPerSecond);
        given = 0;
    }
}
