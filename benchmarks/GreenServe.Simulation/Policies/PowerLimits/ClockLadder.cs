using GreenServe.Simulation.Control;
using GreenServe.Simulation.Hardware;
using GreenServe.Simulation.Physics;

namespace GreenServe.Simulation.Policies.PowerLimits;

/// <summary>What an instance would draw and how long its steps would take at other clocks, at the work that it has now.</summary>
/// <remarks>
/// The step model predicts the watts. They are scaled by what was measured of the instance over what is predicted for its present clock, so
/// that prompts between its decoding steps and pauses count too.
/// </remarks>
internal sealed class ClockLadder
{
    /// <summary>Length over which the power of an instance is measured, in seconds.</summary>
    private const int MeasuredSeconds = 5;

    private static readonly StepShape UsualPrompt = StepShape.Prefill(1000, 0, completesPrompt: true);

    private readonly Rung[] rungs;

    private ClockLadder(IInstanceView instance, Rung[] rungs)
    {
        Instance = instance;
        this.rungs = rungs;
    }

    /// <summary>The instance.</summary>
    internal IInstanceView Instance { get; }

    /// <summary>The clocks, from that of the cluster file down.</summary>
    internal IReadOnlyList<Rung> Rungs => rungs;

    /// <summary>Looks at an instance.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="cluster">The cluster, which has step models.</param>
    /// <param name="count">Number of clocks, at least 2.</param>
    /// <param name="lowestRatio">Lowest clock over that of the cluster file, in (0, 1).</param>
    internal static ClockLadder Of(IInstanceView instance, IClusterView cluster, int count, double lowestRatio)
    {
        double scale = 1;
        double predicted = PredictedWatts(instance, instance.Model).Watts;
        double measured = Math.Max(instance.Watts(1), instance.Watts(MeasuredSeconds));
        if (measured > 0 && predicted > 0)
        {
            scale = measured / predicted;
        }

        ClockRange range = instance.System.Gpu.Clock;
        Rung[] rungs = new Rung[count];
        for (int index = 0; index < count; index++)
        {
            double ratio = 1 - ((1 - lowestRatio) * index / (count - 1));
            double? megahertz = index == 0
                ? instance.StatedMegahertz()
                : range.NearestMegahertz(Math.Max(range.LowestMegahertz, ratio * instance.TopMegahertz()));
            StepModel model = cluster.Model(instance.System.AtClock(megahertz));
            (double watts, double seconds) = PredictedWatts(instance, model);

            // The floor of a loaded instance is no estimate, and no scale takes it away.
            double scaled = Math.Max(model.LoadedIdleWatts.Middle, watts * scale);
            rungs[index] = new Rung(megahertz, scaled, seconds, model.Cost(UsualPrompt).Seconds);
        }

        return new ClockLadder(instance, rungs);
    }

    /// <summary>Looks at every instance of a row that serves or finishes its requests.</summary>
    /// <param name="row">The row.</param>
    /// <param name="cluster">The cluster, which has step models.</param>
    /// <param name="count">Number of clocks, at least 2.</param>
    /// <param name="lowestRatio">Lowest clock over that of the cluster file, in (0, 1).</param>
    internal static List<ClockLadder> OfRow(IRowView row, IClusterView cluster, int count, double lowestRatio) =>
    [
        .. row.Servers.SelectMany(server => server.Instances)
            .Where(instance => instance.State is InstanceState.Serving or InstanceState.Draining)
            .Select(instance => Of(instance, cluster, count, lowestRatio)),
    ];

    private static (double Watts, double StepSeconds) PredictedWatts(IInstanceView instance, StepModel model)
    {
        int prompts = (int)Math.Min(instance.PromptTokens, instance.System.StepTokens);
        StepShape shape = instance.DecodingRequests > 0
            ? StepShape.Decode(instance.DecodingRequests, instance.ContextTokens)
            : StepShape.Prefill(Math.Max(1, prompts), 0, completesPrompt: true);
        StepCost cost = model.Cost(shape);
        return instance.Requests == 0 ? (model.LoadedIdleWatts.Middle, cost.Seconds) : (cost.Watts, cost.Seconds);
    }
}

/// <summary>An instance at a clock.</summary>
/// <param name="Megahertz">The clock, in megahertz; <c>null</c> for the highest one.</param>
/// <param name="Watts">Power of the instance, in watts.</param>
/// <param name="StepSeconds">Duration of a step, in seconds.</param>
/// <param name="PromptSeconds">Duration of a prompt of 1000 tokens, in seconds.</param>
internal readonly record struct Rung(double? Megahertz, double Watts, double StepSeconds, double PromptSeconds);
