using System.Diagnostics;

namespace GreenServe.Microbenchmarks.EndToEnd;

/// <summary>
/// A fixed piece of work, whose time says how fast the machine is at the moment: 4,000,000 pseudo-random numbers are sorted on one core.
/// </summary>
internal static class ReferenceProgram
{
    /// <summary>The work in words, for the page.</summary>
    internal const string Description = "sorts 4,000,000 pseudo-random numbers on one core";

    private const int Numbers = 4_000_000;

    // Any seed does; it must stay the same.
    private const int Seed = 1;

    /// <summary>Sorts the numbers and returns the processor time that this took (s). The first call also compiles.</summary>
    internal static double MeasureSeconds()
    {
        Random random = new(Seed);
        double[] numbers = new double[Numbers];
        for (int index = 0; index < Numbers; index++)
        {
            numbers[index] = random.NextDouble();
        }

        using Process process = Process.GetCurrentProcess();
        TimeSpan before = process.UserProcessorTime;
        Array.Sort(numbers);
        process.Refresh();
        return (process.UserProcessorTime - before).TotalSeconds;
    }
}
