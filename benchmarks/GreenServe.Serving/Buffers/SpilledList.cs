using System.Buffers;
using System.Collections;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace GreenServe.Serving.Buffers;

/// <summary>
/// A list that only grows and is read from its beginning to its end. It holds its newest items in memory and the others in a temporary
/// file, so that the memory of a run does not grow with its length. Not thread-safe.
/// </summary>
/// <param name="maxItemsInMemory">Number of items in memory at most. A list that stays below it has no file.</param>
/// <remarks>
/// The file has no name from the moment at which it exists, or goes with its handle where a system needs the name. A process that is killed
/// leaves nothing behind.
/// </remarks>
internal sealed class SpilledList<T>(int maxItemsInMemory = SpilledList<T>.DefaultItems) : IEnumerable<T>
    where T : unmanaged
{
    /// <summary>A quarter of a million items: some ten megabytes, and two minutes of 2,000 requests/s.</summary>
    private const int DefaultItems = 1 << 18;

    /// <summary>Items that are read from the file at once.</summary>
    private const int ItemsAtOnce = 4096;
    private readonly List<T> newest = [];
    private SafeFileHandle? file;
    private long fileBytes;

    /// <summary>Adds an item at the end.</summary>
    /// <exception cref="IOException">The disk is full.</exception>
    internal void Add(T item)
    {
        newest.Add(item);
        if (newest.Count == maxItemsInMemory)
        {
            file ??= OpenFile();
            ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(newest));
            RandomAccess.Write(file, bytes, fileBytes);
            fileBytes += bytes.Length;
            newest.Clear();
        }
    }

    public IEnumerator<T> GetEnumerator()
    {
        T[] items = ArrayPool<T>.Shared.Rent(ItemsAtOnce);
        try
        {
            int count;
            for (long offset = 0; offset < fileBytes; offset += Bytes(items.AsSpan(0, count)).Length)
            {
                count = Read(items, offset);
                for (int index = 0; index < count; index++)
                {
                    yield return items[index];
                }
            }
        }
        finally
        {
            ArrayPool<T>.Shared.Return(items);
        }

        foreach (T item in newest)
        {
            yield return item;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Reads whole items from the file and returns their number.</summary>
    private int Read(T[] items, long offset)
    {
        Span<byte> bytes = Bytes(items);
        bytes = bytes[..(int)Math.Min(bytes.Length, fileBytes - offset)];
        for (int read = 0; read < bytes.Length;)
        {
            int more = RandomAccess.Read(file!, bytes[read..], offset + read);
            read += more > 0 ? more : throw new EndOfStreamException("A temporary file of the run was cut.");
        }

        return bytes.Length / Bytes(items.AsSpan(0, 1)).Length;
    }

    private static Span<byte> Bytes(Span<T> items) => MemoryMarshal.AsBytes(items);

    private static SafeFileHandle OpenFile()
    {
        string path = Path.Combine(Path.GetTempPath(), $"greenserve-{Path.GetRandomFileName()}");
        FileOptions options = OperatingSystem.IsWindows() ? FileOptions.DeleteOnClose : FileOptions.None;
        SafeFileHandle opened = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, options);
        if (!OperatingSystem.IsWindows())
        {
            File.Delete(path);
        }

        return opened;
    }
}
