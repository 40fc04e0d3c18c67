using System.Runtime.InteropServices;

namespace GreenServe.Engine.Runners.Onnx;

/// <summary>The native memory of a run's small tensors. All bindings share it, since only one run happens at a time.</summary>
internal sealed unsafe class RunBuffers : IDisposable
{
    private readonly int slots;
    private readonly int vocabularySize;
    private readonly int hiddenSize;

    internal RunBuffers(int slots, int positions, int vocabularySize, int hiddenSize)
    {
        this.hiddenSize = hiddenSize;
        this.slots = slots;
        this.vocabularySize = vocabularySize;
        Embedded = (nint)NativeMemory.AllocZeroed((nuint)Math.Max(slots, positions) * (nuint)hiddenSize, sizeof(float));
        LastPositions = (nint)NativeMemory.AllocZeroed((nuint)slots, sizeof(int));
        Longest = (nint)NativeMemory.AllocZeroed(1, sizeof(int));
        Scores = (nint)NativeMemory.AllocZeroed((nuint)slots * (nuint)vocabularySize, sizeof(float));
    }

    internal nint Embedded { get; private set; }

    internal nint LastPositions { get; private set; }

    internal nint Longest { get; private set; }

    internal nint Scores { get; private set; }

    /// <summary>The room for the embedding of one token of a run.</summary>
    internal Span<float> EmbeddedRow(int row) => new((float*)Embedded + ((long)row * hiddenSize), hiddenSize);

    internal Span<int> LastPositionSpan => new((void*)LastPositions, slots);

    internal Span<float> ScoreRow(int row) => new((float*)Scores + ((long)row * vocabularySize), vocabularySize);

    internal void SetLongest(int value) => *(int*)Longest = value;

    public void Dispose()
    {
        NativeMemory.Free((void*)Embedded);
        NativeMemory.Free((void*)LastPositions);
        NativeMemory.Free((void*)Longest);
        NativeMemory.Free((void*)Scores);
        (Embedded, LastPositions, Longest, Scores) = (0, 0, 0, 0);
    }
}
