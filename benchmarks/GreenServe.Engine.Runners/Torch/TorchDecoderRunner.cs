using System.Reflection;
using GreenServe.Engine.Models;
using GreenServe.Records;
using TorchSharp;
using static TorchSharp.torch;

namespace GreenServe.Engine.Runners.Torch;

/// <summary>Runs a decoder with libtorch, on CUDA devices or on the CPU, in bf16 or float32.</summary>
/// <remarks>
/// All tokens of a step run together, whether they belong to prompts or to decoding sequences. One device runs them in one TorchScript
/// function. Several devices that share the layers run one function for each half of a layer. Each sequence has a slot of the cache that is
/// as long as the context.
/// </remarks>
internal sealed class TorchDecoderRunner : IDecoderRunner
{
    private readonly DecoderShape shape;
    private readonly int context;
    private readonly jit.CompilationUnit script;
    private readonly TorchRankGroup ranks;
    private readonly TorchChooser chooser;
    private readonly StepInputs inputs = new();
    private readonly List<TokenChoice> choices = [];
    private readonly Stack<int> freeSlots;
    private readonly HashSet<int> open = [];

    private TorchDecoderRunner(RunnerOptions options, TorchSettings settings, jit.CompilationUnit script)
    {
        shape = options.Shape;
        context = options.ContextTokens;
        this.script = script;
        ranks = new TorchRankGroup(options, settings, script);
        chooser = new TorchChooser(script, ranks.Device);
        freeSlots = new Stack<int>(Enumerable.Range(0, options.Slots).Reverse());
        Description = Describe(options, settings);
    }

    /// <inheritdoc />
    public RunnerDescription Description { get; }

    /// <summary>Loads the library and the model, and reserves the cache.</summary>
    /// <param name="options">The model and the size of the cache.</param>
    /// <param name="settings">The device and the precision.</param>
    /// <exception cref="UnavailableException">The library or the device is missing, or the model does not fit into memory.</exception>
    public static TorchDecoderRunner Load(RunnerOptions options, TorchSettings settings)
    {
        Prepare(settings);
        long cacheBytes = options.Shape.CacheElementsPerToken * settings.BytesPerElement * options.ContextTokens * options.Slots;
        long available = settings.UseCuda
            ? CudaDevice.Memory().Free * settings.TensorParallelism
            : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        MemoryNeed.Require(
            options,
            WeightElements(options.Shape, settings) * settings.BytesPerElement,
            cacheBytes,
            available,
            settings.UseCuda ? "the GPUs' free memory" : "this host's memory");
        using IDisposable withoutGradients = no_grad();
        return new TorchDecoderRunner(options, settings, jit.compile(ReadScript()));
    }

    /// <summary>Computes the number of sequences whose cache fits into the memory that the weights leave free.</summary>
    /// <param name="shape">The shape of the decoder.</param>
    /// <param name="settings">The device and the precision.</param>
    /// <param name="contextTokens">The largest number of tokens in a sequence.</param>
    /// <param name="max">The largest number to return. On the CPU it is the result.</param>
    /// <returns>A number in [1, <paramref name="max"/>].</returns>
    /// <exception cref="UnavailableException">The library or the device is missing.</exception>
    public static int SlotsThatFit(DecoderShape shape, TorchSettings settings, int contextTokens, int max)
    {
        Prepare(settings);
        if (!settings.UseCuda)
        {
            return max;
        }

        // The margin that MemoryNeed asks for covers activations and the library's workspaces.
        double forCache = (CudaDevice.Memory().Free * settings.TensorParallelism / MemoryNeed.Overhead)
            - (WeightElements(shape, settings) * settings.BytesPerElement);
        double perSlot = (double)shape.CacheElementsPerToken * settings.BytesPerElement * contextTokens;
        return (int)Math.Clamp(forCache / perSlot, 1, max);
    }

    /// <inheritdoc />
    public int OpenSequence()
    {
        if (!freeSlots.TryPop(out int slot))
        {
            throw new InvalidOperationException($"All {open.Count} slots of the cache are taken.");
        }

        open.Add(slot);
        return slot;
    }

    /// <inheritdoc />
    public void CloseSequence(int sequence)
    {
        if (open.Remove(sequence))
        {
            freeSlots.Push(sequence);
        }
    }

    /// <inheritdoc />
    public void Step(ReadOnlySpan<SequenceWork> work, Span<int> nextTokens, Span<float> scores = default)
    {
        ArgumentOutOfRangeException.ThrowIfZero(work.Length);
        using IDisposable withoutGradients = no_grad();
        using DisposeScope scope = NewDisposeScope();
        int[] packed = inputs.Pack(work, sequence => sequence, context);
        using Tensor computed = ranks.Step(packed, inputs);
        choices.Clear();
        foreach (ref readonly SequenceWork item in work)
        {
            if (item.Choice is { } choice)
            {
                choices.Add(choice);
            }
        }

        if (choices.Count == 0)
        {
            Synchronize();
            return;
        }

        CopyScores(computed, work, scores);
        using Tensor chosen = chooser.Choose(computed, choices);
        Distribute(chosen, work, nextTokens);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        ranks.Dispose();
        script.Dispose();
    }

    private static void Prepare(TorchSettings settings)
    {
        TorchLibrary.Load();
        if (settings.UseCuda && cuda.device_count() < settings.TensorParallelism)
        {
            throw new UnavailableException(cuda.is_available()
                ? $"PyTorch sees {cuda.device_count()} CUDA devices here; --tensor-parallelism asks for {settings.TensorParallelism}."
                : "PyTorch sees no CUDA device here. Use --device cpu, or install an NVIDIA driver and a CUDA build of PyTorch.");
        }

        if (settings.UseCuda)
        {
            // The driver tells a device's memory only to a thread that has used the device.
            using Tensor first = zeros(1, device: CUDA);
        }
        else
        {
            set_num_threads(settings.Threads);
        }
    }

    private static string ReadScript()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("decoder.torchscript")!;
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }

    private void CopyScores(Tensor computed, ReadOnlySpan<SequenceWork> work, Span<float> scores)
    {
        if (scores.IsEmpty)
        {
            return;
        }

        float[] all = computed.cpu().data<float>().ToArray();
        int row = 0;
        for (int entry = 0; entry < work.Length; entry++)
        {
            if (work[entry].Choice is not null)
            {
                all.AsSpan(row++ * shape.VocabularySize, shape.VocabularySize).CopyTo(scores[(entry * shape.VocabularySize)..]);
            }
        }
    }

    private static void Distribute(Tensor chosen, ReadOnlySpan<SequenceWork> work, Span<int> nextTokens)
    {
        // The copy waits for the device. It is the only synchronisation of the step.
        long[] tokens = chosen.cpu().data<long>().ToArray();
        int row = 0;
        for (int entry = 0; entry < work.Length; entry++)
        {
            if (work[entry].Choice is not null)
            {
                nextTokens[entry] = (int)tokens[row++];
            }
        }
    }

    private void Synchronize()
    {
        if (ranks.Device.type == DeviceType.CUDA)
        {
            cuda.synchronize();
        }
    }

    private RunnerDescription Describe(RunnerOptions options, TorchSettings settings)
    {
        string parts = settings.TensorParallelism > 1 ? $"{settings.TensorParallelism} x " : "";
        string shared = settings.TensorParallelism > 1 ? $"; tensor parallelism {settings.TensorParallelism}" : "";
        return new RunnerDescription
        {
            Library = "libtorch " + TorchLibrary.Version,
            Device = settings.UseCuda ? parts + CudaDevice.Name() : $"CPU, {settings.Threads} threads",
            Precision = settings.HalfPrecision ? "bf16" : "float32",
            Weights = options.Weights.Description,
            WeightBytes = shape.ParameterCount * settings.BytesPerElement,
            CacheBytes = shape.CacheElementsPerToken * settings.BytesPerElement * context * options.Slots,
            Slots = options.Slots,
            ContextTokens = context,
            Notes = (settings.IsRagged ? "attention: ragged, in place" : "attention: padded") + shared,
        };
    }

    /// <summary>Computes the number of weights on all devices together. Each device holds the whole embedding.</summary>
    private static long WeightElements(DecoderShape shape, TorchSettings settings) =>
        shape.ParameterCount + ((settings.TensorParallelism - 1) * shape.Embedding.Elements);
}
