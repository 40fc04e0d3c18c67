using GreenServe.Records.Requests;
using GreenServe.Simulation.Capacity;
using GreenServe.Simulation.Policies.Estimates;

namespace GreenServe.Simulation.Policies.DynamoLlm;

/// <summary>
/// Expects the rate of each class from the five-minute slots that the run has seen: the median of the same slot of earlier days of its kind
/// (weekdays or weekend), and where there are none, the highest slot of the time just before. Before the first slot has ended it expects
/// the known peaks of the traffic.
/// </summary>
/// <param name="traffic">What is known of the traffic.</param>
/// <param name="headroomRatio">Share by which the expected rate exceeds what was seen.</param>
internal sealed class LoadForecast(TrafficHistory traffic, double headroomRatio)
{
    private const int SlotsOfDay = (int)(86_400 / TrafficHistory.SlotSeconds);
    private const int DaysOfWeek = 7;
    private const int FirstDayOfWeekend = 5;

    private readonly List<double[]> slots = [];
    private readonly ArrivalCounts arrivals = new();

    /// <summary>Takes the slot that ends now.</summary>
    /// <param name="arrivedUntilNow">Number of requests of a class since the start of the run.</param>
    internal void EndSlot(Func<RequestClass, long> arrivedUntilNow) =>
        slots.Add([.. arrivals.SinceLast(arrivedUntilNow).Select(requests => requests / TrafficHistory.SlotSeconds)]);

    /// <summary>The highest rate of each class that is expected in the time to come, in requests per second.</summary>
    /// <param name="horizonSeconds">Length of that time, in seconds.</param>
    internal double[] Rates(double horizonSeconds)
    {
        int ahead = Math.Max(1, (int)Math.Ceiling(horizonSeconds / TrafficHistory.SlotSeconds));
        double[] rates = new double[RequestClass.All.Count];
        for (int number = 0; number < rates.Length; number++)
        {
            double highest = 0;
            for (int slot = slots.Count; slot < slots.Count + ahead; slot++)
            {
                highest = Math.Max(highest, SameSlotOfEarlierDays(slot, number) ?? JustBefore(ahead, number));
            }

            rates[number] = (1 + headroomRatio) * highest;
        }

        return rates;
    }

    private double JustBefore(int back, int number)
    {
        if (slots.Count == 0)
        {
            return traffic.ClassPeakRequestsPerSecond(RequestClass.All[number]);
        }

        double highest = 0;
        for (int slot = Math.Max(0, slots.Count - back); slot < slots.Count; slot++)
        {
            highest = Math.Max(highest, slots[slot][number]);
        }

        return highest;
    }

    private double? SameSlotOfEarlierDays(int slot, int number)
    {
        List<double> seen = [];
        for (int earlier = slot - SlotsOfDay; earlier >= 0; earlier -= SlotsOfDay)
        {
            if (earlier < slots.Count && IsWeekend(earlier) == IsWeekend(slot))
            {
                seen.Add(slots[earlier][number]);
            }
        }

        seen.Sort();
        return seen.Count == 0 ? null : (seen[(seen.Count - 1) / 2] + seen[seen.Count / 2]) / 2;
    }

    private static bool IsWeekend(int slot) => slot / SlotsOfDay % DaysOfWeek >= FirstDayOfWeekend;
}
