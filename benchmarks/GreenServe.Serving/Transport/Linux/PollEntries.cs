using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace GreenServe.Serving.Transport.Linux;

/// <summary>An array of <c>struct epoll_event</c>, which is packed on x86-64 and not elsewhere.</summary>
internal sealed unsafe class PollEntries(int capacity) : IDisposable
{
    private static readonly int EntryBytes = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private static readonly int DataOffset = EntryBytes - 8;
    private readonly byte* entries = (byte*)NativeMemory.AllocZeroed((nuint)capacity, (nuint)EntryBytes);

    internal int Capacity { get; } = capacity;

    internal void* Pointer => entries;

    internal uint EventsAt(int index) => Unsafe.ReadUnaligned<uint>(entries + (index * EntryBytes));

    internal int DescriptorAt(int index) => Unsafe.ReadUnaligned<int>(entries + (index * EntryBytes) + DataOffset);

    internal void Set(int index, uint events, int descriptor)
    {
        Unsafe.WriteUnaligned(entries + (index * EntryBytes), events);
        Unsafe.WriteUnaligned(entries + (index * EntryBytes) + DataOffset, (long)descriptor);
    }

    public void Dispose() => NativeMemory.Free(entries);
}
