using System.Reflection;
using GreenServe.Engine.Models;
using GreenServe.Records;
using TorchSharp;
using static TorchSharp.torch;

namespace GreenServe.Engine.Runners.Torch;

/// <summary>
/// Runs a decoder with libtorch, on a CUDA device in bf16 or on the CPU. All tokens of a step, of prompts and of decoding sequences alike,
/// run in one TorchScript function; each sequence has a slot of the cache as long as the context.
/// </summary>
public sealed class TorchDecoderRunner : IDecoderRunner
{
    private readonly DecoderShape shape;
    private readonly int context;
    private readonly Device device;
    private readonly jit.CompilationUnit script;
    private readonly Tensor[] weights;
    private readonly Tensor[] caches;
    private readonly Tensor cosine;
    private readonly Tensor sine;
    private readonly TorchChooser chooser;
    private readonly StepInputs inputs = new();
    private readonly List<TokenChoice> choices = [];
    private readonly Stack<int> freeSlots;
    private readonly HashSet<int> open = [];
    private readonly bool ragged;

    private TorchDecoderRunner(RunnerOptions options, TorchSettings settings, jit.CompilationUnit script)
    {
        shape = options.Shape;
        context = options.ContextTokens;
        device = new Device(settings.UseCuda ? DeviceType.CUDA : DeviceType.CPU);
        this.script = script;
        ScalarType type = settings.HalfPrecision ? ScalarType.BFloat16 : ScalarType.Float32;
        weights = new TorchWeights(shape, options.Weights, script, device, type).Load();
        (cosine, sine) = RotaryTensors(type);
        // Zeros, not what the memory held: padded attention multiplies stale entries by zero, which a NaN would survive.
        caches = [.. Enumerable.Range(0, shape.Layers).Select(_ => zeros(
            (long)options.Slots * context, 2 * shape.KeyValueHeads, shape.HeadSize, dtype: type, device: device))];
        chooser = new TorchChooser(script, device);
        freeSlots = new Stack<int>(Enumerable.Range(0, options.Slots).Reverse());
        ragged = settings.UseCuda && settings.HalfPrecision && settings.AllowRagged;
        Description = Describe(options, settings);
    }

    /// <inheritdoc />
    public RunnerDescription Description { get; }

    /// <summary>Loads the library and the model and reserves the cache.</summary>
    /// <param name="options">Model and sizes.</param>
    /// <param name="settings">Device and precision.</param>
    /// <exception cref="UnavailableException">The library or the device is missing, or the model does not fit.</exception>
    public static TorchDecoderRunner Load(RunnerOptions options, TorchSettings settings)
    {
        Prepare(settings);
        int bytesPerElement = settings.HalfPrecision ? 2 : 4;
        long cacheBytes = options.Shape.CacheElementsPerToken * bytesPerElement * options.ContextTokens * options.Slots;
        long available = settings.UseCuda ? CudaDevice.Memory().Free : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        MemoryNeed.Require(
            options, options.Shape.ParameterCount * bytesPerElement, cacheBytes, available,
            settings.UseCuda ? "the GPU's free memory" : "this host's memory");
        using IDisposable withoutGradients = no_grad();
        return new TorchDecoderRunner(options, settings, jit.compile(ReadScript()));
    }

    /// <summary>Sequences that fit a device beside the weights, at most <paramref name="most"/>; at least 1.</summary>
    /// <param name="shape">The decoder.</param>
    /// <param name="settings">Device and precision.</param>
    /// <param name="contextTokens">Longest sequence (tokens).</param>
    /// <param name="most">Never more than this.</param>
    /// <exception cref="UnavailableException">The library or the device is missing.</exception>
    public static int SlotsThatFit(DecoderShape shape, TorchSettings settings, int contextTokens, int most)
    {
        Prepare(settings);
        if (!settings.UseCuda)
        {
            return most;
        }

        // The margin that MemoryNeed asks for covers activations and the library's workspaces.
        int bytesPerElement = settings.HalfPrecision ? 2 : 4;
        double forCache = (CudaDevice.Memory().Free / 1.2) - (shape.ParameterCount * bytesPerElement);
        double perSlot = (double)shape.CacheElementsPerToken * bytesPerElement * contextTokens;
        return (int)Math.Clamp(forCache / perSlot, 1, most);
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
        using Tensor onDevice = torch.tensor(packed, device: device);
        using Tensor computed = (Tensor)script.invoke(
            "step", onDevice, inputs.Tokens, inputs.Sequences, inputs.Scored, inputs.LongestQuery, inputs.LongestCache, ragged,
            weights, caches, cosine, sine, shape.Heads, shape.KeyValueHeads, shape.HeadSize, context, shape.NormEpsilon);
        choices.Clear();
        foreach (ref readonly SequenceWork item in work)
        {
            if (item.Choice is { } choice)
            {
                choices.Add(choice);
            }
        }

        nextTokens[..work.Length].Fill(-1);
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
        // A tied head is the embedding itself; disposing it twice does no harm.
        foreach (Tensor tensor in weights.Concat(caches).Append(cosine).Append(sine))
        {
            tensor.Dispose();
        }

        script.Dispose();
    }

    private static void Prepare(TorchSettings settings)
    {
        TorchLibrary.Load();
        if (settings.UseCuda && !cuda.is_available())
        {
            throw new UnavailableException(
                "PyTorch sees no CUDA device here. Use --device cpu, or install an NVIDIA driver and a CUDA build of PyTorch.");
        }

        if (settings.UseCuda)
        {
            // The driver tells a device's memory only to a thread that has used it.
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

    private (Tensor Cosine, Tensor Sine) RotaryTensors(ScalarType type)
    {
        (float[] cosines, float[] sines) = shape.RotaryTables(context);
        int half = shape.HeadSize / 2;
        using Tensor exactCosine = torch.tensor(cosines, [context, 1, half], device: device);
        using Tensor exactSine = torch.tensor(sines, [context, 1, half], device: device);
        using Tensor negative = -exactSine;
        using Tensor signed = cat([negative, exactSine], 1);
        return (exactCosine.to_type(type, copy: true), signed.to_type(type, copy: true));
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
        // The one synchronisation of the step: the copy waits for the device.
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
        if (device.type == DeviceType.CUDA)
        {
            cuda.synchronize();
        }
    }

    private RunnerDescription Describe(RunnerOptions options, TorchSettings settings)
    {
        int bytesPerElement = settings.HalfPrecision ? 2 : 4;
        return new RunnerDescription
        {
            Library = "libtorch " + TorchLibrary.Version,
            Device = settings.UseCuda ? CudaDevice.Name() : $"CPU, {settings.Threads} threads",
            Precision = settings.HalfPrecision ? "bf16" : "float32",
            Weights = options.Weights.Description,
            WeightBytes = shape.ParameterCount * bytesPerElement,
            CacheBytes = shape.CacheElementsPerToken * bytesPerElement * context * options.Slots,
            Slots = options.Slots,
            ContextTokens = context,
            Notes = ragged ? "attention: ragged, in place" : "attention: padded",
        };
    }
}
