using GreenServe.Records.Requests;

namespace GreenServe.Simulation.Policies.Estimates;

/// <summary>Counts the requests of each class between two looks at a cluster.</summary>
internal sealed class ArrivalCounts
{
    private readonly long[] seen = new long[RequestClass.All.Count];

    /// <summary>Counts the requests of each class since the last call, or at first since the start of the run.</summary>
    /// <param name="arrivedUntilNow">Number of requests of a class since the start of the run.</param>
    /// <returns>Number of requests of each class, in the order of <see cref="RequestClass.All"/>.</returns>
    internal long[] SinceLast(Func<RequestClass, long> arrivedUntilNow)
    {
        long[] counts = new long[seen.Length];
        for (int number = 0; number < seen.Length; number++)
        {
            long now = arrivedUntilNow(RequestClass.All[number]);
            counts[number] = now - seen[number];
            seen[number] = now;
        }

        return counts;
    }
}
