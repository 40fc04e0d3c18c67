using System.Diagnostics;
using System.Globalization;
using BenchmarkDotNet.Loggers;

namespace GreenServe.Microbenchmarks.Simulation;

/// <summary>Memory of the process that runs a benchmark.</summary>
internal static class ProcessMemory
{
    /// <summary>Writes the largest resident memory so far into the log of the benchmark.</summary>
    /// <param name="scenario">What the process has run.</param>
    internal static void Log(string scenario)
    {
        using Process process = Process.GetCurrentProcess();
        ConsoleLogger.Default.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"// {scenario}: peak working set {process.PeakWorkingSet64 / 1e6:F0} MB"));
    }
}
