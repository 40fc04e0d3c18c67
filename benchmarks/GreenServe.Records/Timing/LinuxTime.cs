using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace GreenServe.Records.Timing;

/// <summary>The functions of libc that precise waiting needs.</summary>
[SuppressMessage("Interoperability", "SYSLIB1054", Justification = "Blittable signatures; no generated code and no unsafe blocks needed.")]
internal static class LinuxTime
{
    internal const int CloseOnExec = 0x80000;
    internal const int NonBlocking = 0x800;
    internal const int SetTimerSlack = 29;
    internal const short ReadyToRead = 1;
    private const string Library = "libc";

    [DllImport(Library, EntryPoint = "eventfd")]
    internal static extern int CreateEvent(uint initial, int flags);

    [DllImport(Library, EntryPoint = "prctl")]
    internal static extern int Control(int option, ulong argument, ulong unused3, ulong unused4, ulong unused5);

    [DllImport(Library, EntryPoint = "ppoll")]
    internal static extern int Poll(ref PollEntry entries, nuint count, in TimeSpec timeout, nint signalMask);

    [DllImport(Library, EntryPoint = "write")]
    internal static extern nint Write(int descriptor, in ulong value, nuint size);

    [DllImport(Library, EntryPoint = "read")]
    internal static extern nint Read(int descriptor, out ulong value, nuint size);

    [DllImport(Library, EntryPoint = "close")]
    internal static extern int Close(int descriptor);

    [StructLayout(LayoutKind.Sequential)]
    internal struct PollEntry
    {
        internal int Descriptor;
        internal short Events;
        internal short Ready;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct TimeSpec
    {
        internal long Seconds;
        internal long Nanoseconds;
    }
}
