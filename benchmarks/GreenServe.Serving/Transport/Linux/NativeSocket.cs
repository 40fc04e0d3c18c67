using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace GreenServe.Serving.Transport.Linux;

/// <summary>The calls of libc that the reactor needs, and their constants on 64-bit Linux.</summary>
[SuppressMessage("Interoperability", "SYSLIB1054", Justification = "Blittable signatures.")]
internal static unsafe class NativeSocket
{
    internal const int InternetFamily = 2;
    internal const int InternetSixFamily = 10;
    internal const int StreamNonBlockingCloseOnExec = 1 | 0x800 | 0x80000;
    internal const int SocketLevel = 1;
    internal const int TcpLevel = 6;
    internal const int OptionError = 4;
    internal const int OptionTimestampNanoseconds = 35;
    internal const int OptionNoDelay = 1;
    internal const int NoSignal = 0x4000;
    internal const int DoNotWait = 0x40;
    internal const int Peek = 0x2;
    internal const int ControlAdd = 1;
    internal const uint Readable = 0x1;
    internal const uint Writable = 0x4;
    internal const uint Failed = 0x8;
    internal const uint HungUp = 0x10;
    internal const uint PeerClosed = 0x2000;
    internal const uint EdgeTriggered = 1u << 31;
    internal const int EpollCloseOnExec = 0x80000;

    internal const int ErrorAgain = 11;
    internal const int ErrorInterrupted = 4;
    internal const int ErrorInProgress = 115;

    private const string Library = "libc";

    [DllImport(Library, EntryPoint = "socket", SetLastError = true)]
    internal static extern int Create(int family, int type, int protocol);

    [DllImport(Library, EntryPoint = "connect", SetLastError = true)]
    internal static extern int Connect(int descriptor, byte* address, uint length);

    [DllImport(Library, EntryPoint = "setsockopt", SetLastError = true)]
    internal static extern int SetOption(int descriptor, int level, int name, int* value, uint length);

    [DllImport(Library, EntryPoint = "getsockopt", SetLastError = true)]
    internal static extern int GetOption(int descriptor, int level, int name, int* value, uint* length);

    [DllImport(Library, EntryPoint = "send", SetLastError = true)]
    internal static extern nint Send(int descriptor, byte* data, nuint length, int flags);

    [DllImport(Library, EntryPoint = "recvmsg", SetLastError = true)]
    internal static extern nint Receive(int descriptor, Message* message, int flags);

    [DllImport(Library, EntryPoint = "close")]
    internal static extern int Close(int descriptor);

    [DllImport(Library, EntryPoint = "epoll_create1", SetLastError = true)]
    internal static extern int CreatePoll(int flags);

    [DllImport(Library, EntryPoint = "epoll_ctl", SetLastError = true)]
    internal static extern int ControlPoll(int poll, int operation, int descriptor, void* entry);

    [DllImport(Library, EntryPoint = "epoll_wait", SetLastError = true)]
    internal static extern int WaitPoll(int poll, void* entries, int most, int timeoutMilliseconds);

    [DllImport(Library, EntryPoint = "eventfd", SetLastError = true)]
    internal static extern int CreateEvent(uint initial, int flags);

    [DllImport(Library, EntryPoint = "write", SetLastError = true)]
    internal static extern nint Write(int descriptor, ulong* value, nuint length);

    /// <summary><c>struct msghdr</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Message
    {
        internal void* Name;
        internal uint NameLength;
        internal Segment* Segments;
        internal nuint SegmentCount;
        internal void* Control;
        internal nuint ControlLength;
        internal int Flags;
    }

    /// <summary><c>struct iovec</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Segment
    {
        internal void* Base;
        internal nuint Length;
    }

    /// <summary><c>struct cmsghdr</c> and the <c>timespec</c> behind it.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct TimestampControl
    {
        internal nuint Length;
        internal int Level;
        internal int Type;
        internal long Seconds;
        internal long Nanoseconds;
    }
}
