using System.Runtime.InteropServices;

namespace GreenServe.Metering.Rapl;

/// <summary>perf_event_open of the Linux kernel. Source: perf_event_open(2).</summary>
internal sealed partial class LinuxPerfEvents : IPerfEvents
{
    /// <summary>Size of the first published version of the attributes, which every kernel takes.</summary>
    private const int AttributeBytes = 64;

    private const int CloseOnExecution = 8;
    private const int NoSuchSystemCall = 38;

    public int Open(uint type, ulong configuration, int processor)
    {
        long number = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => 298,
            Architecture.Arm64 => 241,
            _ => -1,
        };
        if (!OperatingSystem.IsLinux() || number < 0)
        {
            return -NoSuchSystemCall;
        }

        Span<byte> attributes = stackalloc byte[AttributeBytes];
        attributes.Clear();
        MemoryMarshal.Write(attributes, type);
        MemoryMarshal.Write(attributes[4..], (uint)AttributeBytes);
        MemoryMarshal.Write(attributes[8..], configuration);
        long handle = SystemCall((nint)number, attributes, -1, processor, -1, CloseOnExecution);
        return handle >= 0 ? (int)handle : -Marshal.GetLastPInvokeError();
    }

    public ulong? Read(int handle)
    {
        Span<byte> value = stackalloc byte[sizeof(ulong)];
        return ReadBytes(handle, value, sizeof(ulong)) == sizeof(ulong) ? MemoryMarshal.Read<ulong>(value) : null;
    }

    public void Close(int handle) => _ = CloseHandle(handle);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, Span<byte> attributes, nint process, nint processor, nint group, nint flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint ReadBytes(int handle, Span<byte> buffer, nint count);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int CloseHandle(int handle);
}
