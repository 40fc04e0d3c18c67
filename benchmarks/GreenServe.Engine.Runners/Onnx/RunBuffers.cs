using System.Runtime.InteropServices;

namespace GreenServe.Engine.Runners.Onnx;

/// <summary>Native memory of a run's small tensors, shared by all bindings: one run happens at a time.</summary>
internal sealed unsafe class RunBuffers : IDisposable
{
    private readonly int slots;
    private readonly int vocabularySize;

    internal RunBuffers(int slots, int positions, int vocabularySize)
    {
        this.slots = slots;
        this.vocabularySize = vocabularySize;
        IdCount = Math.Max(slots, positions);
        Ids = (nint)NativeMemory.AllocZeroed((nuint)IdCount, sizeof(long));
        LastPositions = (nint)NativeMemory.AllocZeroed((nuint)slots, sizeof(int));
        Longest = (nint)NativeMemory.AllocZeroed(1, sizeof(int));
        Scores = (nint)NativeMemory.AllocZeroed((nuint)slots * (nuint)vocabularySize, sizeof(float));
    }

    internal nint Ids { get; private set; }

    internal nint LastPositions { get; private set; }

    internal nint Longest { get; private set; }

    internal nint Scores { get; private set; }

    internal int IdCount { get; }

    internal Span<long> IdSpan => new((void*)Ids, IdCount);

    internal Span<int> LastPositionSpan => new((void*)LastPositions, slots);

    internal Span<float> ScoreRow(int row) => new((float*)Scores + ((long)row * vocabularySize), vocabularySize);

    internal void SetLongest(int value) => *(int*)Longest = value;

    public void Dispose()
    {
        NativeMemory.Free((void*)Ids);
        NativeMemory.Free((void*)LastPositions);
        NativeMemory.Free((void*)Longest);
        NativeMemory.Free((void*)Scores);
        (Ids, LastPositions, Longest, Scores) = (0, 0, 0, 0);
    }
}
