using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Systems;
using GreenServe.Simulation.Engines;
using GreenServe.Simulation.Hardware;
using GreenServe.Simulation.Scheduling;
using GreenServe.Workloads.Models;

namespace GreenServe.Simulation.Physics;

/// <summary>One serving instance to simulate: a model on accelerators, an engine and its knobs.</summary>
public sealed record SimulatedSystem
{
    /// <summary>The model that is served.</summary>
    public required ModelDefinition Model { get; init; }

    /// <summary>The kind of accelerator.</summary>
    public required GpuDefinition Gpu { get; init; }

    /// <summary>Number of accelerators in the server, at least <see cref="Gpus"/>.</summary>
    /// <value>Default 8.</value>
    public int GpuCount { get; init; } = 8;

    /// <summary>The engine, with its overrides for particular accelerators.</summary>
    public required EngineProfile Engine { get; init; }

    /// <summary>The host to predict for.</summary>
    /// <value>Default <c>null</c>: the host on which the costs of the engine were fitted.</value>
    public HostSpeed? Host { get; init; }

    /// <summary>The knobs.</summary>
    /// <value>Default: one accelerator, 16-bit weights, the highest clock and power cap, and the engine's own batch limits.</value>
    public Knobs Knobs { get; init; } = new();

    /// <summary>
    /// Bytes of the weights of other models that are in memory beside those of <see cref="Model"/>, over all accelerators of the instance.
    /// </summary>
    /// <value>Default 0.</value>
    public double BesideBytes { get; init; }

    /// <summary>A system whose accelerator and engine are looked up by name, or read from files.</summary>
    /// <param name="system">Names of the accelerator and the engine.</param>
    /// <param name="model">The model that is served.</param>
    /// <param name="knobs">The knobs.</param>
    /// <exception cref="InvalidInputException">The accelerator or the engine is not known.</exception>
    public static SimulatedSystem For(ServingSystem system, ModelDefinition model, Knobs knobs)
    {
        EngineProfile engine = EngineCatalog.Find(system.Engine);
        return new SimulatedSystem
        {
            Model = model,
            Gpu = engine.AcceleratorFor(GpuCatalog.Find(system.Gpu)),
            GpuCount = system.GpuCount,
            Engine = engine,
            Host = system.Host,
            Knobs = knobs,
        };
    }

    /// <summary>Number of accelerators that share each layer: the knob, or 1.</summary>
    public int TensorParallelism => Knobs.TensorParallelism ?? 1;

    /// <summary>Number of groups of accelerators that each hold a part of the layers: the knob, or 1.</summary>
    public int PipelineParallelism => Knobs.PipelineParallelism ?? 1;

    /// <summary>Number format of weights and matrix products: the knob, or bf16.</summary>
    public Precision Precision => Knobs.Precision ?? Records.Systems.Precision.Bf16;

    /// <summary>The knobs as they are in effect, for the record: those without a value have the value that is simulated.</summary>
    public Knobs EffectiveKnobs => Knobs with
    {
        TensorParallelism = TensorParallelism,
        PipelineParallelism = PipelineParallelism,
        Precision = Precision,
    };

    /// <summary>Number of accelerators that the instance uses.</summary>
    public int Gpus => TensorParallelism * PipelineParallelism;

    /// <summary>The engine with its overrides for this accelerator applied, and its host work scaled to the host.</summary>
    public EngineProfile EngineHere => HostScaling?.ScaledEngine ?? Engine.On(Gpu.Name);

    /// <summary>
    /// The scaling of the engine's host work to <see cref="Host"/>; <c>null</c> where the prediction is for the host of the fit.
    /// </summary>
    public HostScaling? HostScaling => Host is null ? null : HostScaling.For(Engine.On(Gpu.Name), Host);

    /// <summary>Largest number of sequences that run at once.</summary>
    public int MaxSequences => Knobs.MaxBatch ?? EngineHere.MaxSequences;

    /// <summary>
    /// Largest number of tokens in one step. The default is the engine's, or the batch limit if that is larger, so that each sequence gets
    /// its token.
    /// </summary>
    public int StepTokens => Knobs.StepTokens ?? Math.Max(EngineHere.StepTokens, MaxSequences);

    /// <summary>Number of blocks of the key-value cache; 0 if weights and buffers leave no room for one.</summary>
    public int KeyValueBlocks => KeyValueMemory.Blocks(FreeBytes, BytesPerContextToken, Engine.BlockTokens);

    /// <summary>
    /// Memory that each accelerator lacks for the weights, the buffers and one block of the cache, in bytes; 0 where it is enough.
    /// </summary>
    public double LackingBytes => KeyValueBlocks > 0 ? 0 : (BytesPerContextToken * Engine.BlockTokens) - FreeBytes;

    /// <summary>Bytes of one element of the key-value cache. An engine that computes in 32 bits keeps the cache in 32 bits.</summary>
    public int KeyValueBytes => Precision switch
    {
        Records.Systems.Precision.Bf16 => Engine.KeyValueBytes,
        Records.Systems.Precision.Fp32 => sizeof(float),
        _ => Engine.QuantisedKeyValueBytes ?? Engine.KeyValueBytes,
    };

    /// <summary>Bytes of keys and values of one token, summed over all accelerators of the instance.</summary>
    public double CacheBytesPerToken =>
        Gpus * DecodeAttention.BytesPerContextToken(Model, TensorParallelism, KeyValueBytes) / PipelineParallelism;

    /// <summary>The limits of a batch of this instance.</summary>
    public BatchLimits Limits => new(MaxSequences, StepTokens, KeyValueBlocks, Engine.BlockTokens)
    {
        ReservesWholeLength = Engine.ReservesWholeLength,
        CachesPrefixes = Engine.CachesPrefixes,
        Policy = Engine.Scheduler,
    };

    /// <summary>Makes the model of the time and energy of its steps.</summary>
    /// <exception cref="InvalidInputException">The system cannot exist. The exception lists every reason.</exception>
    public StepModel StepModel()
    {
        ThrowIfAny(Check());
        return new StepModel(this);
    }

    /// <summary>This system with another clock.</summary>
    /// <param name="megahertz">The clock, in megahertz; <c>null</c> for the highest.</param>
    internal SimulatedSystem AtClock(double? megahertz) => this with { Knobs = Knobs with { GpuClockMegahertz = megahertz } };

    /// <summary>Every reason why this system cannot exist; empty if it can.</summary>
    public IEnumerable<Problem> Check()
    {
        // Nothing else can be worked out of a system without accelerators.
        Problem[] parallelism = [.. CheckParallelism()];
        return TensorParallelism < 1 || PipelineParallelism < 1 ? parallelism : parallelism.Concat(CheckKnobs()).Concat(CheckMemory());
    }

    /// <summary>Throws if there are problems.</summary>
    /// <exception cref="InvalidInputException">There are problems. The exception lists all of them.</exception>
    internal static void ThrowIfAny(IEnumerable<Problem> problems)
    {
        Problem[] found = [.. problems];
        if (found.Length > 0)
        {
            throw new InvalidInputException(found);
        }
    }

    private double WeightBytes => KeyValueMemory.WeightBytes(Model, Precision, Gpus);

    private double FreeBytes => KeyValueMemory.FreeBytes(Gpu, Engine, WeightBytes + (BesideBytes / Gpus));

    private double BytesPerContextToken =>
        DecodeAttention.BytesPerContextToken(Model, TensorParallelism, KeyValueBytes) / PipelineParallelism;

    private IEnumerable<Problem> CheckParallelism()
    {
        int degree = TensorParallelism;
        int stages = PipelineParallelism;
        if (degree < 1 || stages < 1)
        {
            string knob = degree < 1 ? "tensor_parallelism" : "pipeline_parallelism";
            yield return new Problem($"knobs.{knob}", Math.Min(degree, stages), "at least 1");
            yield break;
        }

        if (stages > Model.Layers)
        {
            yield return new Problem("knobs.pipeline_parallelism", stages, $"at most the {Model.Layers} layers of {Model.Name}");
        }

        if (GpuCount > ServingSystem.MaxGpuCount)
        {
            yield return new Problem("system.gpu_count", GpuCount, $"at most {ServingSystem.MaxGpuCount} GPUs in a server");
        }

        if (Gpus > GpuCount)
        {
            string allowed = $"at most the {GpuCount} GPUs of the server";
            yield return stages == 1
                ? new Problem("knobs.tensor_parallelism", degree, allowed)
                : new Problem("knobs.pipeline_parallelism", $"{stages} stages of {degree} GPUs", allowed);
        }

        if (Model.Heads % degree != 0 || (Model.KeyValueHeads % degree != 0 && degree % Model.KeyValueHeads != 0))
        {
            yield return new Problem(
                "knobs.tensor_parallelism",
                degree,
                $"a divisor of the {Model.Heads} heads of {Model.Name} that divides, or is a multiple of, "
                + $"its {Model.KeyValueHeads} key-value heads");
        }

        if (degree > 1 && !Gpu.AllReduce.Any(rating => rating.Gpus >= degree))
        {
            int max = Gpu.AllReduce.Select(rating => rating.Gpus).DefaultIfEmpty(1).Max();
            yield return new Problem(
                "knobs.tensor_parallelism", degree, $"at most {max}: {Gpu.Name} has no all-reduce rating for more");
        }
    }

    private IEnumerable<Problem> CheckKnobs()
    {
        ClockRange clocks = Gpu.Clock;
        if (Knobs.GpuClockMegahertz is { } clock && !(clock >= clocks.LowestMegahertz && clock <= clocks.HighestMegahertz))
        {
            yield return new Problem(
                "knobs.gpu_clock_megahertz",
                clock,
                $"{clocks.LowestMegahertz} to {clocks.HighestMegahertz} MHz in steps of {clocks.StepMegahertz} ({Gpu.Name})");
        }

        PowerCapRange caps = Gpu.PowerCap;
        if (Knobs.PowerCapWatts is { } cap && !(cap >= caps.LowestWatts && cap <= caps.HighestWatts))
        {
            yield return new Problem("knobs.power_cap_watts", cap, $"{caps.LowestWatts} to {caps.HighestWatts} W ({Gpu.Name})");
        }

        if (WeightFormat.Rating(Gpu, Precision) is null)
        {
            Precision[] known = [.. Enum.GetValues<Precision>().Where(precision => WeightFormat.Rating(Gpu, precision) is not null)];
            yield return new Problem(
                "knobs.precision",
                EnumText.Of(Precision),
                $"one of {string.Join(", ", known.Select(EnumText.Of))}: {Gpu.Name} is rated for no other");
        }

        if (MaxSequences < 1)
        {
            yield return new Problem("knobs.max_batch", MaxSequences, "at least 1");
        }
        else if (StepTokens < MaxSequences)
        {
            yield return new Problem(
                "knobs.step_tokens",
                StepTokens,
                $"at least the largest batch ({MaxSequences}), so that every running sequence gets its token");
        }
    }

    private IEnumerable<Problem> CheckMemory()
    {
        if (TensorParallelism >= 1 && KeyValueBlocks == 0)
        {
            yield return new Problem(
                "model",
                $"{Model.Name} with {Gigabytes(WeightBytes + (BesideBytes / Gpus))} of weights on each of {Gpus} x {Gpu.Name}",
                $"weights that leave room for a block of cache in {Gigabytes(Gpu.MemoryBytes * Engine.MemoryRatio)} "
                + $"less {Gigabytes(Engine.ReservedBytes)} reserved: more GPUs or a smaller format");
        }
    }

    private static string Gigabytes(double bytes) => FormattableString.Invariant($"{bytes / 1e9:F1} GB");
}
