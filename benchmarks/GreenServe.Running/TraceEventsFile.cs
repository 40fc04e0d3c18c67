using GreenServe.Records;
using GreenServe.Simulation.Runs;

namespace GreenServe.Running;

/// <summary>Creates the file for the trace events of a simulated run.</summary>
internal static class TraceEventsFile
{
    /// <summary>
    /// The reason why the file cannot be created. The result is empty if it can, or where no trace is wanted. This is asked before the
    /// record's folder is made, so that a wrong path leaves nothing behind.
    /// </summary>
    internal static IEnumerable<Problem> Check(string? path) =>
        path is null || (!Path.Exists(path) && Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path))))
            ? []
            : [new Problem("--trace-events", path, "a new file in a folder that exists")];

    /// <summary>Creates the file; the result is <c>null</c> where no trace is wanted.</summary>
    internal static TraceEventSink? Open(string? path) => path is null ? null : new TraceEventSink(File.Create(path));
}
