using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace GreenServe.Serving.Interop;

/// <summary>
/// Lowers the priority of threads whose work can wait. On a busy core they must not delay the threads that send and receive.
/// </summary>
internal static class YieldingThread
{
    /// <summary><c>PRIO_PROCESS</c>: on Linux it means one thread.</summary>
    private const int OneThread = 0;

    /// <summary>Thread 0 is the calling thread.</summary>
    private const int CallingThread = 0;

    /// <summary>
    /// Ten of the nineteen steps that a thread may yield by: about a tenth of the share of a thread at the usual priority.
    /// </summary>
    private const int NiceValue = 10;

    /// <summary>
    /// Lowers the priority of the calling thread. On Linux this sets the nice value, which the runtime's own priorities do not change.
    /// </summary>
    internal static void LowerPriority()
    {
        Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
        if (OperatingSystem.IsLinux())
        {
            // No permission is needed to lower one's own priority, so it cannot fail.
            _ = SetPriority(OneThread, CallingThread, NiceValue);
        }
    }

    [SuppressMessage("Interoperability", "SYSLIB1054", Justification = "Blittable signature.")]
    [DllImport("libc", EntryPoint = "setpriority")]
    private static extern int SetPriority(int which, int who, int priority);
}
