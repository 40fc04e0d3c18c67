using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace GreenServe.Microbenchmarks.EndToEnd;

/// <summary>Processor time of child processes.</summary>
/// <param name="UserSeconds">Processor time outside the kernel, summed over cores (s).</param>
/// <param name="SystemSeconds">Processor time in the kernel, summed over cores (s).</param>
internal readonly record struct ChildProcessTime(double UserSeconds, double SystemSeconds)
{
    /// <summary>The <c>who</c> of getrusage that stands for children that have ended and were waited for.</summary>
    private const int Children = -1;

    /// <summary>The time of all children of this process that have ended. Not on Windows, where a process keeps its own time.</summary>
    /// <remarks>Error: a microsecond. Source: getrusage(2), RUSAGE_CHILDREN, which .NET fills because it waits for each child.</remarks>
    internal static ChildProcessTime OfEnded()
    {
        int result = GetUsage(Children, out Usage usage);
        return result == 0
            ? new(Seconds(usage.UserSeconds, usage.UserMicroseconds), Seconds(usage.SystemSeconds, usage.SystemMicroseconds))
            : throw new InvalidOperationException($"getrusage failed with {Marshal.GetLastPInvokeError()}");
    }

    /// <summary>The time since an earlier reading.</summary>
    internal ChildProcessTime Since(ChildProcessTime earlier) =>
        new(UserSeconds - earlier.UserSeconds, SystemSeconds - earlier.SystemSeconds);

    private static double Seconds(long seconds, long microseconds) => seconds + (microseconds / 1e6);

    [SuppressMessage("Interoperability", "SYSLIB1054", Justification = "A blittable signature; no unsafe blocks needed.")]
    [DllImport("libc", EntryPoint = "getrusage", SetLastError = true)]
    private static extern int GetUsage(int who, out Usage usage);

    /// <summary>The struct <c>rusage</c>: two times, then counters that are not read. Large enough for Linux and macOS.</summary>
    /// <remarks>macOS has 32 bits for the microseconds and four bytes of padding, which are zero as the struct is zeroed.</remarks>
    [StructLayout(LayoutKind.Sequential, Size = 256)]
    private struct Usage
    {
        internal long UserSeconds;
        internal long UserMicroseconds;
        internal long SystemSeconds;
        internal long SystemMicroseconds;
    }
}
