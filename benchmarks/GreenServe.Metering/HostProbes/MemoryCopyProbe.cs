using System.Globalization;
using System.Runtime.InteropServices;
using GreenServe.Records;
using GreenServe.Records.Systems;

namespace GreenServe.Metering.HostProbes;

/// <summary>Measures how fast this host copies memory, with one thread and with one thread for each core.</summary>
/// <remarks>
/// A byte counts twice, because a copy reads it and writes it. Source of that convention: McCalpin, STREAM. Each buffer has 16 MB for each
/// core, and from 256 MB to 1 GB, which is more than the caches of common servers. A host with little memory copies less.
/// </remarks>
internal static class MemoryCopyProbe
{
    private const long BytesForEachCore = 16L << 20;
    private const long MinUsualBytes = 256L << 20;
    private const long MaxBytes = 1024L << 20;

    /// <summary>Fewest bytes that are copied. A smaller copy would show the speed of a cache.</summary>
    private const long MinBytes = 64L << 20;

    /// <summary>The two buffers together take at most this part of the memory that this process may use.</summary>
    private const long MemoryDivisor = 8;

    private const int Batches = 3;

    /// <summary>Adds the speed of copies on this host.</summary>
    /// <param name="speed">What is known of the host so far.</param>
    /// <param name="clock">Source of time.</param>
    /// <exception cref="UnavailableException">This host has too little memory.</exception>
    internal static HostSpeed Measure(HostSpeed speed, TimeProvider clock)
    {
        int cores = Environment.ProcessorCount;
        long bytes = BytesFor(cores, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        using NativeBuffer source = new(bytes);
        using NativeBuffer target = new(bytes);
        BatchTimes all = MeasureAll(source, target, cores, clock);
        BatchTimes one = BatchTimes.Measure(Batches, clock, () => source.CopyTo(target, 0, bytes));
        return speed with
        {
            MemoryBytesPerSecond = 2 * bytes / all.MedianSeconds,
            MemorySpreadRatio = all.SpreadRatio,
            SingleThreadMemoryBytesPerSecond = 2 * bytes / one.MedianSeconds,
            SingleThreadMemorySpreadRatio = one.SpreadRatio,
        };
    }

    /// <summary>Bytes to copy on a host.</summary>
    /// <param name="cores">Number of its cores.</param>
    /// <param name="memoryBytes">Bytes of memory that this process may use.</param>
    /// <exception cref="UnavailableException">The host has too little memory.</exception>
    internal static long BytesFor(int cores, long memoryBytes)
    {
        long bytes = Math.Min(Math.Clamp(cores * BytesForEachCore, MinUsualBytes, MaxBytes), memoryBytes / MemoryDivisor / 2);
        return bytes >= MinBytes
            ? bytes
            : throw new UnavailableException(string.Create(
                CultureInfo.InvariantCulture,
                $"it needs {2 * MinBytes * MemoryDivisor / 1e9:0.0} GB of memory, and this process may use {memoryBytes / 1e9:0.0} GB"));
    }

    /// <summary>Times copies by all cores. The threads start once and wait for each other, since a start takes as long as a copy.</summary>
    private static BatchTimes MeasureAll(NativeBuffer source, NativeBuffer target, int cores, TimeProvider clock)
    {
        using Barrier barrier = new(cores + 1);
        long part = source.Length / cores;
        Thread[] threads = [.. Enumerable.Range(0, cores).Select(core => new Thread(() => CopyPart(core * part)))];
        Array.ForEach(threads, thread => thread.Start());

        // The first round fills the buffers, which also places the memory near the cores that copy it.
        barrier.SignalAndWait();
        barrier.SignalAndWait();
        BatchTimes times = BatchTimes.Measure(Batches, clock, () =>
        {
            barrier.SignalAndWait();
            barrier.SignalAndWait();
        });
        Array.ForEach(threads, thread => thread.Join());
        return times;

        void CopyPart(long offset)
        {
            barrier.SignalAndWait();
            source.Fill(offset, part);
            target.Fill(offset, part);
            barrier.SignalAndWait();
            for (int batch = 0; batch < Batches; batch++)
            {
                barrier.SignalAndWait();
                source.CopyTo(target, offset, part);
                barrier.SignalAndWait();
            }
        }
    }

    /// <summary>Memory that the garbage collector neither clears nor moves.</summary>
    private sealed unsafe class NativeBuffer(long length) : IDisposable
    {
        private readonly byte* start = (byte*)NativeMemory.Alloc((nuint)length);

        internal long Length => length;

        public void Dispose() => NativeMemory.Free(start);

        internal void Fill(long offset, long count) => NativeMemory.Fill(start + offset, (nuint)count, 1);

        internal void CopyTo(NativeBuffer target, long offset, long count) =>
            Buffer.MemoryCopy(start + offset, target.start + offset, count, count);
    }
}
