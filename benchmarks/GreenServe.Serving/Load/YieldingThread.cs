using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace GreenServe.Serving.Load;

/// <summary>Threads whose work can wait: on a busy core they must not keep those waiting that send and receive.</summary>
internal static class YieldingThread
{
    private const int OfThread = 0;
    private const int Nice = 10;

    /// <summary>Lowers the priority of the calling thread, on Linux by its nice value, which the runtime leaves alone.</summary>
    internal static void LowerPriority()
    {
        Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
        if (OperatingSystem.IsLinux())
        {
            // Who 0 is the calling thread there, and making oneself nicer is always allowed.
            _ = SetPriority(OfThread, 0, Nice);
        }
    }

    [SuppressMessage("Interoperability", "SYSLIB1054", Justification = "Blittable signature.")]
    [DllImport("libc", EntryPoint = "setpriority")]
    private static extern int SetPriority(int which, int who, int priority);
}
