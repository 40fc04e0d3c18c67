using System.Diagnostics;
using System.Globalization;

namespace GreenServe.Microbenchmarks.Simulation;

/// <summary>Memory of the benchmark's own process.</summary>
internal static class ProcessMemory
{
    /// <summary>Writes the largest resident memory so far into the benchmark's log.</summary>
    internal static void Tell(string what)
    {
        using Process process = Process.GetCurrentProcess();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"// {what}: peak working set {process.PeakWorkingSet64 / 1e6:F0} MB"));
    }
}
