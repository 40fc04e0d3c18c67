using System.Runtime.InteropServices;

namespace GreenServe.Metering.Rapl;

/// <summary>The performance counters of the kernel, so that a test can stand in for them.</summary>
internal interface IPerfEvents
{
    /// <summary>Opens a counter that counts on one processor, whoever runs there.</summary>
    /// <param name="type">The number of the unit that counts.</param>
    /// <param name="configuration">The number of the event.</param>
    /// <param name="processor">The number of the processor.</param>
    PerfEventOpening Open(uint type, ulong configuration, int processor);

    /// <summary>Reads a counter; <c>null</c> if it cannot be read.</summary>
    ulong? Read(int handle);

    /// <summary>Closes the counter of a handle.</summary>
    void Close(int handle);
}

/// <summary>The outcome of opening a performance counter. Exactly one of the handle and the error is set.</summary>
/// <param name="Handle">The handle of the counter; <c>null</c> if the kernel refused.</param>
/// <param name="Error">The error number of the kernel (errno); <c>null</c> if the counter is open.</param>
internal readonly record struct PerfEventOpening(int? Handle, int? Error)
{
    internal static PerfEventOpening Opened(int handle) => new(handle, null);

    internal static PerfEventOpening Refused(int error) => new(null, error);
}

/// <summary>perf_event_open of the Linux kernel. Source: perf_event_open(2).</summary>
internal sealed partial class LinuxPerfEvents : IPerfEvents
{
    /// <summary>Size of the first published version of the attributes, which every kernel takes.</summary>
    private const int AttributeBytes = 64;

    /// <summary>PERF_FLAG_FD_CLOEXEC: a program that is started does not inherit the counter.</summary>
    private const int CloseOnExecution = 8;

    /// <summary>ENOSYS.</summary>
    private const int NoSuchSystemCall = 38;

    /// <summary>Counts every process, in no group of counters: the kernel's -1 for the process and for the leader of the group.</summary>
    private const nint Any = -1;

    public PerfEventOpening Open(uint type, ulong configuration, int processor)
    {
        if (!OperatingSystem.IsLinux() || SystemCallNumber() is not { } number)
        {
            return PerfEventOpening.Refused(NoSuchSystemCall);
        }

        Span<byte> attributes = stackalloc byte[AttributeBytes];
        attributes.Clear();
        MemoryMarshal.Write(attributes, type);
        MemoryMarshal.Write(attributes[4..], (uint)AttributeBytes);
        MemoryMarshal.Write(attributes[8..], configuration);
        nint handle = SystemCall(number, attributes, Any, processor, Any, CloseOnExecution);
        return handle >= 0 ? PerfEventOpening.Opened((int)handle) : PerfEventOpening.Refused(Marshal.GetLastPInvokeError());
    }

    public ulong? Read(int handle)
    {
        Span<byte> value = stackalloc byte[sizeof(ulong)];
        return ReadBytes(handle, value, sizeof(ulong)) == sizeof(ulong) ? MemoryMarshal.Read<ulong>(value) : null;
    }

    public void Close(int handle) => _ = CloseHandle(handle);

    private static nint? SystemCallNumber() => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 298,
        Architecture.Arm64 => 241,
        _ => null,
    };

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, Span<byte> attributes, nint process, nint processor, nint group, nint flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint ReadBytes(int handle, Span<byte> buffer, nint count);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int CloseHandle(int handle);
}
