using GreenServe.Engine.Inference;
using GreenServe.Engine.Runners;
using GreenServe.Records.Documents;
using GreenServe.Records.Timing;
using GreenServe.Simulation.Physics;

namespace GreenServe.Engine.Simulated;

/// <summary>
/// A runner that computes nothing and takes as long as the simulated hardware would, by the wall clock: the simulator behind the same
/// scheduler and the same HTTP front as real inference.
/// </summary>
public sealed class SimulatedRunner : IDecoderRunner
{
    // Half a millisecond behind is a late wake-up, made good in the next step; more than that was a pause.
    private const double LargestBacklogSeconds = 0.05;
    private readonly StepModel model;
    private readonly TimeProvider clock;
    private readonly PreciseWaiter waiter;
    private readonly Stack<int> freeSlots = new();
    private long stepEnd;
    private double joules;

    /// <summary>A runner for a system that can exist.</summary>
    /// <exception cref="Records.InvalidInputException">It cannot; every reason.</exception>
    public SimulatedRunner(SimulatedSystem system, TimeProvider clock)
    {
        model = system.StepModel();
        this.clock = clock;
        waiter = new PreciseWaiter(clock);
        int context = (int)Math.Min(system.Model.ContextTokens, system.Limits.CapacityTokens);
        Description = new RunnerDescription
        {
            Library = $"simulated {system.Engine.Name}",
            Device = $"{system.Knobs.TensorParallelism} x {system.Gpu.Name}, simulated",
            Precision = EnumText.Of(system.Knobs.Precision),
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

    /// <summary>Energy that the simulated accelerators have used in steps so far (J); idle time is left out.</summary>
    public double StepJoules => Volatile.Read(ref joules);

    /// <summary>An engine on such a runner, under the model's own name.</summary>
    public static InferenceEngine CreateEngine(SimulatedSystem system, TimeProvider clock, StepLog? log = null) => new(
        new SimulatedRunner(system, clock),
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
        Volatile.Write(ref joules, joules + cost.Joules);
        long now = clock.GetTimestamp();
        bool isBehind = now - stepEnd < (long)(LargestBacklogSeconds * clock.TimestampFrequency);
        stepEnd = (isBehind ? stepEnd : now) + (long)(cost.Seconds * clock.TimestampFrequency);
        waiter.WaitUntil(stepEnd);
        for (int index = 0; index < work.Length; index++)
        {
            // Letters, so that the output is text.
            nextTokens[index] = work[index].Choice is null ? -1 : 'a' + ((work[index].Position + work[index].Tokens.Length) % 26);
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
