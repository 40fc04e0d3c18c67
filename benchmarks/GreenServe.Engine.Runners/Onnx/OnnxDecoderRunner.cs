using GreenServe.Engine.Models;
using GreenServe.Engine.Onnx;
using GreenServe.Engine.Weights;
using GreenServe.Records;
using Microsoft.ML.OnnxRuntime;

namespace GreenServe.Engine.Runners.Onnx;

/// <summary>Runs a decoder on the CPU with ONNX Runtime.</summary>
/// <remarks>All sequences that decode share one run. Each chunk of a prompt is a run of its own.</remarks>
internal sealed class OnnxDecoderRunner : IDecoderRunner
{
    // A resting slot needs some token; what it computes is overwritten.
    private const int AnyToken = 0;
    private readonly DecoderShape shape;
    private readonly IWeightSource weights;
    private readonly int positions;
    private readonly InferenceSession session;
    private readonly RunOptions runOptions = new();
    private readonly KeyValueSlots cache;
    private readonly RunBuffers buffers;
    private readonly TokenSampler sampler;
    private readonly Dictionary<(int First, int Count), SlotBinding> bindings = [];

    // For each slot the decoding entry of the step's work; null for slots that rest.
    private readonly int?[] entryOfSlot;

    private OnnxDecoderRunner(RunnerOptions options, OnnxWeightFormat format, int threads, long weightBytes, InferenceSession session)
    {
        shape = options.Shape;
        weights = options.Weights;
        positions = options.ContextTokens;
        this.session = session;
        cache = new KeyValueSlots(shape, options.Slots, positions);
        buffers = new RunBuffers(options.Slots, positions, shape.VocabularySize, shape.HiddenSize);
        sampler = new TokenSampler(shape.VocabularySize);
        entryOfSlot = new int?[options.Slots];
        Description = new RunnerDescription
        {
            Library = "ONNX Runtime " + OrtEnv.Instance().GetVersionString(),
            Device = $"CPU, {threads} threads",
            Precision = format.ToString().ToLowerInvariant(),
            Weights = options.Weights.Description,
            WeightBytes = weightBytes,
            CacheBytes = cache.TotalBytes,
            Slots = options.Slots,
            ContextTokens = options.ContextTokens,
        };
    }

    /// <inheritdoc />
    public RunnerDescription Description { get; }

    /// <summary>Writes the model, loads it and reserves the cache.</summary>
    /// <param name="options">The model and the size of the cache.</param>
    /// <param name="format">The format in which matrices are stored.</param>
    /// <param name="threads">The number of threads that compute, at least 1.</param>
    /// <exception cref="UnavailableException">
    /// The model does not fit into memory, or ONNX Runtime's native library cannot be loaded.
    /// </exception>
    public static OnnxDecoderRunner Load(RunnerOptions options, OnnxWeightFormat format, int threads)
    {
        MemoryNeed.RequireHostMemory(options, format);
        using ModelFolder folder = new();
        long weightBytes = DecoderGraph.Write(folder.ModelPath, options.Shape, options.Weights, format, options.ContextTokens);
        InferenceSession session = OpenSession(folder.ModelPath, threads);
        return new OnnxDecoderRunner(options, format, threads, weightBytes, session);
    }

    /// <inheritdoc />
    public int OpenSequence() => cache.Open();

    /// <inheritdoc />
    public void CloseSequence(int sequence) => cache.Close(sequence);

    /// <inheritdoc />
    public void Step(ReadOnlySpan<SequenceWork> work, Span<int> nextTokens, Span<float> scores = default)
    {
        ArgumentOutOfRangeException.ThrowIfZero(work.Length);
        entryOfSlot.AsSpan().Clear();
        for (int entry = 0; entry < work.Length; entry++)
        {
            int slot = cache.SlotOf(work[entry].Sequence);
            RequirePosition(work[entry], slot);
            if (work[entry].Tokens.Length == 1)
            {
                entryOfSlot[slot] = entry;
            }
        }

        Decode(work, nextTokens, scores);
        for (int entry = 0; entry < work.Length; entry++)
        {
            if (work[entry].Tokens.Length > 1)
            {
                RunChunk(work, entry, nextTokens, scores);
            }
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (SlotBinding binding in bindings.Values)
        {
            binding.Dispose();
        }

        bindings.Clear();
        session.Dispose();
        runOptions.Dispose();
        buffers.Dispose();
        cache.Dispose();
    }

    private static InferenceSession OpenSession(string modelPath, int threads)
    {
        try
        {
            using SessionOptions settings = new()
            {
                IntraOpNumThreads = threads,
                InterOpNumThreads = 1,
                ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
                GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
                LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
            };
            return new InferenceSession(modelPath, settings);
        }
        catch (Exception exception) when (exception is TypeInitializationException or DllNotFoundException or EntryPointNotFoundException)
        {
            string reason = (exception.InnerException ?? exception).Message;
            throw new UnavailableException(
                $"ONNX Runtime's native library cannot be loaded ({reason}). It needs Linux x64 with glibc 2.28 or later, and lies beside "
                + "greenserve-engine as libonnxruntime.so.");
        }
    }

    private void RequirePosition(in SequenceWork work, int slot)
    {
        int end = work.Position + work.Tokens.Length;
        if (work.Tokens.Length == 0 || work.Position != cache.LengthOf(slot) || end > positions)
        {
            throw new ArgumentException(
                $"Sequence {work.Sequence} holds {cache.LengthOf(slot)} of {positions} tokens; "
                + $"cannot run {work.Tokens.Length} at {work.Position}.",
                nameof(work));
        }
    }

    /// <summary>Makes one run for every stretch of neighbouring slots that begins and ends with a sequence to decode.</summary>
    private void Decode(ReadOnlySpan<SequenceWork> work, Span<int> nextTokens, Span<float> scores)
    {
        int slot = 0;
        while (slot < cache.Count)
        {
            if (entryOfSlot[slot] is null)
            {
                slot++;
                continue;
            }

            // A resting slot in between takes part at its next position, which its own next token will overwrite. A full slot has no such
            // position and ends the stretch.
            int end = slot + 1;
            for (int next = end; next < cache.Count; next++)
            {
                if (entryOfSlot[next] is not null)
                {
                    end = next + 1;
                }
                else if (cache.LengthOf(next) == positions)
                {
                    break;
                }
            }

            RunStretch(work, slot, end - slot, nextTokens, scores);
            slot = end;
        }
    }

    private void RunStretch(ReadOnlySpan<SequenceWork> work, int first, int count, Span<int> nextTokens, Span<float> scores)
    {
        int longest = 0;
        for (int index = 0; index < count; index++)
        {
            int length = cache.LengthOf(first + index);
            Embed(entryOfSlot[first + index] is { } entry ? work[entry].Tokens.Span[0] : AnyToken, index);
            buffers.LastPositionSpan[index] = length;
            longest = Math.Max(longest, length + 1);
        }

        buffers.SetLongest(longest);
        SlotBinding binding = BindingFor(first, count);
        if (count == 1)
        {
            binding.BindChunk(tokens: 1);
        }

        session.RunWithBinding(runOptions, binding.Binding);
        for (int index = 0; index < count; index++)
        {
            if (entryOfSlot[first + index] is { } entry)
            {
                cache.SetLength(first + index, cache.LengthOf(first + index) + 1);
                Choose(work[entry], index, ref nextTokens[entry], scores.IsEmpty ? default : Row(scores, entry));
            }
        }
    }

    private void RunChunk(ReadOnlySpan<SequenceWork> work, int entry, Span<int> nextTokens, Span<float> scores)
    {
        ReadOnlySpan<int> tokens = work[entry].Tokens.Span;
        int slot = cache.SlotOf(work[entry].Sequence);
        int end = work[entry].Position + tokens.Length;
        for (int index = 0; index < tokens.Length; index++)
        {
            Embed(tokens[index], index);
        }

        buffers.LastPositionSpan[0] = end - 1;
        buffers.SetLongest(end);
        SlotBinding binding = BindingFor(slot, 1);
        binding.BindChunk(tokens.Length);
        session.RunWithBinding(runOptions, binding.Binding);
        cache.SetLength(slot, end);
        Choose(work[entry], row: 0, ref nextTokens[entry], scores.IsEmpty ? default : Row(scores, entry));
    }

    private void Embed(int token, int row) =>
        weights.Read(shape.Embedding, (long)token * shape.HiddenSize, buffers.EmbeddedRow(row));

    private Span<float> Row(Span<float> scores, int entry) => scores.Slice(entry * shape.VocabularySize, shape.VocabularySize);

    private void Choose(in SequenceWork work, int row, ref int nextToken, Span<float> scores)
    {
        if (work.Choice is not { } choice)
        {
            return;
        }

        Span<float> computed = buffers.ScoreRow(row);
        if (!scores.IsEmpty)
        {
            computed.CopyTo(scores);
        }

        nextToken = sampler.Choose(computed, choice);
    }

    private SlotBinding BindingFor(int first, int count)
    {
        if (!bindings.TryGetValue((first, count), out SlotBinding? binding))
        {
            binding = new SlotBinding(session, cache, buffers, BindingShape.Of(shape, positions, first, count));
            bindings[(first, count)] = binding;
        }

        return binding;
    }
}

/// <summary>A folder that holds the model file and its weights while the runtime loads them.</summary>
/// <remarks>The folder is deleted afterwards. The runtime keeps the weights mapped into memory.</remarks>
internal sealed class ModelFolder : IDisposable
{
    private readonly ScratchFolder folder = ScratchFolder.Create("engine");

    internal string ModelPath => Path.Combine(folder.Path, "decoder.onnx");

    public void Dispose() => folder.Dispose();
}
