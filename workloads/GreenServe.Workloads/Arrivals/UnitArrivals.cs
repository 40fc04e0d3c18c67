using GreenServe.Workloads.Randomness;

namespace GreenServe.Workloads.Arrivals;

/// <summary>Arrivals of a process of rate 1, from which those of a changing rate are made.</summary>
internal static class UnitArrivals
{
    internal static IEnumerable<double> Of(ArrivalSpacing spacing, ScheduleSources sources) =>
        spacing == ArrivalSpacing.Poisson ? Poisson(sources.Random(RandomNames.Arrival)) : Constant();

    private static IEnumerable<double> Poisson(RandomSequence random)
    {
        double count = 0;
        while (true)
        {
            count += random.NextExponential();
            yield return count;
        }
    }

    private static IEnumerable<double> Constant()
    {
        for (long count = 0; ; count++)
        {
            yield return count;
        }
    }
}
