using System.Runtime.InteropServices;
using GreenServe.Engine.Models;

namespace GreenServe.Engine.Runners.Onnx;

/// <summary>
/// The key-value cache in native memory. Each layer has two buffers of the shape (slots, heads, positions, head size), so that neighbouring
/// slots form one tensor without a copy.
/// </summary>
/// <remarks>The taken slots are always the first ones. When a sequence is closed, the last taken slot moves into its place.</remarks>
internal sealed unsafe class KeyValueSlots : IDisposable
{
    private readonly DecoderShape shape;
    private readonly int positions;
    private readonly nint[] buffers;
    private readonly int[] lengths;
    private readonly int[] sequences;
    private readonly Dictionary<int, int> slots = [];
    private int nextSequence;

    /// <summary>Reserves the cache. The system provides each page when it is first written.</summary>
    internal KeyValueSlots(DecoderShape shape, int slotCount, int positions)
    {
        this.shape = shape;
        this.positions = positions;
        lengths = new int[slotCount];
        sequences = new int[slotCount];
        buffers = new nint[2 * shape.Layers];
        for (int index = 0; index < buffers.Length; index++)
        {
            buffers[index] = (nint)NativeMemory.AllocZeroed((nuint)slotCount, (nuint)SlotBytes);
        }
    }

    /// <summary>The number of taken slots. They have the numbers from 0 to this number minus 1.</summary>
    internal int Count { get; private set; }

    /// <summary>The size of one slot in one buffer, in bytes.</summary>
    internal long SlotBytes => (long)shape.KeyValueHeads * positions * shape.HeadSize * sizeof(float);

    /// <summary>The size of the whole cache in bytes.</summary>
    internal long TotalBytes => SlotBytes * lengths.Length * buffers.Length;

    /// <summary>Returns the address of a slot's keys in one layer.</summary>
    internal nint KeyAddress(int layer, int slot) => buffers[2 * layer] + (nint)(slot * SlotBytes);

    /// <summary>Returns the address of a slot's values in one layer.</summary>
    internal nint ValueAddress(int layer, int slot) => buffers[(2 * layer) + 1] + (nint)(slot * SlotBytes);

    /// <summary>Takes a slot for a new sequence and returns the number of the sequence.</summary>
    internal int Open()
    {
        if (Count == lengths.Length)
        {
            throw new InvalidOperationException($"All {Count} slots of the cache are taken.");
        }

        int sequence = nextSequence++;
        slots[sequence] = Count;
        sequences[Count] = sequence;
        lengths[Count] = 0;
        Count++;
        return sequence;
    }

    /// <summary>Frees the slot of a sequence. Another sequence may move to that slot.</summary>
    internal void Close(int sequence)
    {
        slots.Remove(sequence, out int hole);
        int last = --Count;
        if (hole != last)
        {
            Move(last, hole);
        }
    }

    /// <summary>Returns the present slot of a sequence.</summary>
    internal int SlotOf(int sequence) => slots[sequence];

    /// <summary>Returns the number of cached tokens in a slot.</summary>
    internal int LengthOf(int slot) => lengths[slot];

    internal void SetLength(int slot, int length) => lengths[slot] = length;

    public void Dispose()
    {
        for (int index = 0; index < buffers.Length; index++)
        {
            NativeMemory.Free((void*)buffers[index]);
            buffers[index] = 0;
        }
    }

    private void Move(int from, int to)
    {
        long headStride = (long)positions * shape.HeadSize * sizeof(float);
        long used = (long)lengths[from] * shape.HeadSize * sizeof(float);
        foreach (nint buffer in buffers)
        {
            for (int head = 0; head < shape.KeyValueHeads; head++)
            {
                byte* source = (byte*)buffer + (from * SlotBytes) + (head * headStride);
                byte* target = (byte*)buffer + (to * SlotBytes) + (head * headStride);
                Buffer.MemoryCopy(source, target, used, used);
            }
        }

        lengths[to] = lengths[from];
        sequences[to] = sequences[from];
        slots[sequences[to]] = to;
    }
}
