using System.Runtime.InteropServices;

namespace GreenServe.Metering.Sampling;

/// <summary>Processor time used by the calling thread.</summary>
internal static partial class ThreadProcessorTime
{
    /// <summary>CLOCK_THREAD_CPUTIME_ID of Linux.</summary>
    private const int LinuxThreadClock = 3;

    /// <summary>CLOCK_THREAD_CPUTIME_ID of macOS.</summary>
    private const int MacThreadClock = 16;

    /// <summary>The unit of GetThreadTimes is 100 ns.</summary>
    private const double WindowsTicksPerSecond = 1e7;

    /// <summary>User and kernel time of the calling thread since it began (s); <c>null</c> where the system does not say.</summary>
    internal static double? Seconds()
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                return GetThreadTimes(GetCurrentThread(), out _, out _, out long kernel, out long user)
                    ? (kernel + user) / WindowsTicksPerSecond
                    : null;
            }

            int clock = OperatingSystem.IsMacOS() ? MacThreadClock : LinuxThreadClock;
            return ClockGetTime(clock, out TimeSpecification time) == 0
                ? time.Seconds + DeviceUnits.SecondsOfNanoseconds(time.Nanoseconds)
                : null;
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException)
        {
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ClockGetTime(int clock, out TimeSpecification time);

    [LibraryImport("kernel32")]
    private static partial nint GetCurrentThread();

    [LibraryImport("kernel32")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GetThreadTimes(nint thread, out long creation, out long exit, out long kernel, out long user);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpecification
    {
        internal nint Seconds;
        internal nint Nanoseconds;
    }
}
