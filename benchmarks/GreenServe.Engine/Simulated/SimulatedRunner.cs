using GreenServe.Engine.Inference;
using GreenServe.Engine.Runners;
using GreenServe.Records.Documents;
using GreenServe.Records.Timing;
using GreenServe.Simulation.Physics;

namespace GreenServe.Engine.Simulated;

/// <summary>
/// A runner that computes nothing and takes as long as the simulated hardware would. It puts the simulator behind the same scheduler and
/// the same HTTP server as real inference.
/// </summary>
public sealed class SimulatedRunner : IDecoderRunner
{
    // A step that begins up to 50 ms after the last one should have ended is late by wake-ups and the scheduler's own work: it ends as if
    // it had begun in time. After a longer delay there was nothing to do, and the step begins now.
    private const double MaxBacklogSeconds = 0.05;
    private const int Letters = 26;
    private readonly SimulatedSystem system;
    private readonly StepModel model;
    private readonly TimeProvider clock;
    private readonly PreciseWaiter waiter;
    private readonly Stack<int> freeSlots = new();
    private long? lastStepEnd;

    /// <summary>Creates a runner that imitates a simulated system.</summary>
    /// <param name="system">The system whose step times the runner takes.</param>
    /// <param name="clock">The clock on which steps take their time.</param>
    /// <exception cref="Records.InvalidInputException">The system cannot exist. The exception names every reason.</exception>
    public SimulatedRunner(SimulatedSystem system, TimeProvider clock)
    {
        this.system = system;
        model = system.StepModel();
        this.clock = clock;
        Meter = new SimulatedMeter(system, clock);
        waiter = new PreciseWaiter(clock);
        int context = (int)Math.Min(system.Model.ContextTokens, system.Limits.CapacityTokens);
        Description = new RunnerDescription
        {
            Library = $"simulated {system.Engine.Name}",
            Device = $"{system.TensorParallelism} x {system.Gpu.Name}, simulated",
            Precision = EnumText.Of(system.Precision),
            Weights = "none: nothing is computed",
            WeightBytes = 0,
            CacheBytes = 0,
            Slots = system.MaxSequences,
            ContextTokens = context,
        };
        for (int slot = system.MaxSequences - 1; slot >= 0; slot--)
        {
            freeSlots.Push(slot);
        }
    }

    /// <inheritdoc />
    public RunnerDescription Description { get; }

    /// <summary>The energy of the simulated accelerators, in steps and between them.</summary>
    public SimulatedMeter Meter { get; }

    /// <summary>Creates the engine of this runner, which owns the runner. It serves the model under the model's own name.</summary>
    /// <param name="log">Receives each step; <c>null</c> for no log.</param>
    public InferenceEngine CreateEngine(StepLog? log = null) => new(
        this,
        new ByteTextCodec(),
        new InferenceOptions
        {
            ModelName = system.Model.Name,
            VocabularySize = system.Model.VocabularySize,
            StepTokens = system.StepTokens,
            CacheTokens = system.Limits.CapacityTokens,
            IsSimulated = true,
        },
        clock,
        log);

    /// <inheritdoc />
    public int OpenSequence() => freeSlots.TryPop(out int slot) ? slot : throw new InvalidOperationException("Every slot is taken.");

    /// <inheritdoc />
    public void CloseSequence(int sequence) => freeSlots.Push(sequence);

    /// <inheritdoc />
    public void Step(ReadOnlySpan<SequenceWork> work, Span<int> nextTokens, Span<float> scores = default)
    {
        StepCost cost = model.Cost(ShapeOf(work));
        long now = clock.GetTimestamp();
        long backlog = (long)(MaxBacklogSeconds * clock.TimestampFrequency);
        long start = lastStepEnd is { } last && now - last < backlog ? last : now;
        long stepEnd = start + (long)(cost.Seconds * clock.TimestampFrequency);
        lastStepEnd = stepEnd;
        Meter.AddStep(start, stepEnd, cost.Joules);
        waiter.WaitUntil(stepEnd);
        for (int index = 0; index < work.Length; index++)
        {
            if (work[index].Choice is not null)
            {
                // The codec decodes one byte a token, so a letter's code keeps the output readable.
                nextTokens[index] = 'a' + ((work[index].Position + work[index].Tokens.Length) % Letters);
            }
        }
    }

    /// <inheritdoc />
    public void Dispose() => waiter.Dispose();

    private static StepShape ShapeOf(ReadOnlySpan<SequenceWork> work)
    {
        StepShape shape = default;
        foreach (SequenceWork item in work)
        {
            if (item.Tokens.Length == 1 && item.Position > 0 && item.Choice is not null)
            {
                shape = shape with { DecodeSequences = shape.DecodeSequences + 1, ContextTokens = shape.ContextTokens + item.Position + 1 };
                continue;
            }

            StepShape chunk = StepShape.Prefill(item.Tokens.Length, item.Position, item.Choice is not null);
            shape = shape with
            {
                PrefillTokens = shape.PrefillTokens + chunk.PrefillTokens,
                PrefillPairs = shape.PrefillPairs + chunk.PrefillPairs,
                PrefillSequences = shape.PrefillSequences + 1,
                PrefillsCompleted = shape.PrefillsCompleted + chunk.PrefillsCompleted,
            };
        }

        return shape;
    }
}
