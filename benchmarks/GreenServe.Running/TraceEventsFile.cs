using GreenServe.Records;
using GreenServe.Simulation.Runs;

namespace GreenServe.Running;

/// <summary>Creates the file for the trace events of a simulated run.</summary>
internal static class TraceEventsFile
{
    /// <summary>Creates the file; the result is <c>null</c> where no trace is wanted.</summary>
    /// <exception cref="InvalidInputException">The file exists already, or its folder does not.</exception>
    internal static TraceEventSink? Open(string? path)
    {
        if (path is null)
        {
            return null;
        }

        return File.Exists(path) || !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path)))
            ? throw new InvalidInputException(new Problem("--trace-events", path, "a new file in a folder that exists"))
            : new TraceEventSink(File.Create(path));
    }
}
