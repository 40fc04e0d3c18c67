using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Requests;
using GreenServe.Workloads.Randomness;

namespace GreenServe.Workloads.Arrivals;

/// <summary>
/// Recorded numbers of requests in windows of equal length. Each window has exactly its count, at random times. This keeps bursts
/// and lulls that independent gaps lose. The process ends with the last window.
/// </summary>
public sealed record CountedArrival : ArrivalProcess, IChecked
{
    /// <summary>Length of a window in seconds, as recorded.</summary>
    /// <value>Above 0, at most 1000000.</value>
    [Range(0, 1_000_000, MinimumIsExclusive = true)]
    public required double WindowSeconds { get; init; }

    /// <summary>Requests in each window, one window after the other.</summary>
    /// <value>From 0 to <see cref="RequestLimits.MaxRequests"/>.</value>
    [Range(0, RequestLimits.MaxRequests)]
    public required IReadOnlyList<int> Counts { get; init; }

    /// <summary>Factor by which arrivals are faster than recorded.</summary>
    /// <value>Above 0, at most 1000000; default 1.</value>
    [Range(0, 1_000_000, MinimumIsExclusive = true)]
    [JsonPropertyName("speed_up")]
    public double SpeedUpFactor { get; init; } = 1;

    /// <inheritdoc />
    public override double? MeanRequestsPerSecond() => Counts.Sum(count => (double)count) / EndSeconds();

    /// <inheritdoc />
    public override double? EndSeconds() => Counts.Count * WindowSeconds / SpeedUpFactor;

    /// <inheritdoc />
    public IEnumerable<Problem> Check()
    {
        if (Counts.All(count => count == 0))
        {
            yield return new Problem("$.counts", "no request in any window", "at least one request");
        }
    }

    internal override IEnumerable<double> ArrivalSeconds(ScheduleSources sources)
    {
        RandomSequence random = sources.Random(RandomNames.Arrival);
        for (int window = 0; window < Counts.Count; window++)
        {
            double[] places = new double[Counts[window]];
            for (int request = 0; request < places.Length; request++)
            {
                places[request] = random.NextUniform();
            }

            Array.Sort(places);
            foreach (double place in places)
            {
                yield return (window + place) * WindowSeconds / SpeedUpFactor;
            }
        }
    }
}
