using GreenServe.Records.Systems;

namespace GreenServe.Simulation.Engines;

/// <summary>
/// Scales the host work of an engine from the host on which it was fitted to another. Work that is a chain of kernel launches goes with the
/// launch time, other work of the host with the speed of one thread, and work of the accelerator stays what it is.
/// </summary>
/// <remarks>
/// Assumed: the work itself is the same on both hosts, and takes time in proportion to what the probe measures. A term whose figure is not
/// known on both sides is not scaled, nor is one whose figures are alike, and <see cref="Sentence"/> says so.
/// </remarks>
public sealed class HostScaling
{
    /// <summary>
    /// Figures whose ratio is less than this are alike. Fifteen probes of two hosts lay within 16 % of the median of their host, so that a
    /// smaller difference would put the noise of the probe into the prediction.
    /// </summary>
    private const double AlikeRatio = 1.2;

    private readonly EngineProfile engine;
    private readonly HostSpeed? fitted;
    private readonly HostSpeed host;
    private readonly double? launchRatio;
    private readonly double? threadRatio;

    private HostScaling(EngineProfile engine, HostSpeed host)
    {
        this.engine = engine;
        fitted = engine.FittedHost;
        this.host = host;
        if (fitted?.ProbeVersion == host.ProbeVersion)
        {
            launchRatio = host.LaunchSeconds / fitted.LaunchSeconds;
            threadRatio = fitted.SingleThreadOperationsPerSecond / host.SingleThreadOperationsPerSecond;
        }
    }

    /// <summary>The scaling of an engine's host work.</summary>
    /// <param name="engine">The engine, with its overrides for its accelerator applied.</param>
    /// <param name="host">The host to predict for; <c>null</c> for the one on which the engine was fitted.</param>
    /// <returns>The scaling; <c>null</c> where the prediction is for the host on which the engine was fitted.</returns>
    public static HostScaling? For(EngineProfile engine, HostSpeed? host) =>
        host is null || host == engine.FittedHost ? null : new HostScaling(engine, host);

    /// <summary>Factor on the terms that go with the launch time of kernels; 1 where it is alike or not known.</summary>
    public double LaunchFactor => AreAlike(launchRatio) ? 1 : launchRatio!.Value;

    /// <summary>Factor on the terms that go with the speed of one thread; 1 where it is alike or not known.</summary>
    public double ThreadFactor => AreAlike(threadRatio) ? 1 : threadRatio!.Value;

    /// <summary>The engine with its host work as it is on the host that is predicted for.</summary>
    public EngineProfile ScaledEngine => !IsScaled ? engine : engine with
    {
        FrontEndSeconds = engine.FrontEndSeconds * ThreadFactor,
        Costs = Scaled(engine.Costs),
    };

    /// <summary>What was scaled, from what to what, or why nothing was, in one sentence.</summary>
    public string Sentence => IsScaled
        ? $"host work of {engine.Name} is scaled to another host: {Launches}, {OneThread}"
        : launchRatio is null && threadRatio is null
            ? $"the host's speed is not taken into account: {UnknownBoth}"
            : $"host work of {engine.Name} is not scaled: {Launches}, {OneThread}";

    /// <summary>Whether the engine's host work takes another time on the host that is predicted for.</summary>
    internal bool IsScaled => LaunchFactor != 1 || ThreadFactor != 1;

    /// <summary>The factors that are in effect, in words.</summary>
    internal string Factors => string.Join(", ", new[] { (ThreadFactor, "one thread"), (LaunchFactor, "launches of kernels") }
        .Where(item => item.Item1 != 1).Select(item => FormattableString.Invariant($"x{item.Item1:G3} ({item.Item2})")));

    private string Launches => launchRatio is null ? $"launches of kernels unscaled ({UnknownLaunch})"
        : AreAlike(launchRatio) ? $"launches of kernels alike ({fitted!.LaunchText} and {host.LaunchText})"
        : $"launches of kernels from {fitted!.LaunchText} to {host.LaunchText}";

    private string OneThread => threadRatio is null ? $"one thread unscaled ({UnknownThread})"
        : AreAlike(threadRatio) ? $"one thread alike ({fitted!.SingleThreadText} and {host.SingleThreadText})"
        : $"one thread from {fitted!.SingleThreadText} to {host.SingleThreadText}";

    private string UnknownBoth =>
        !host.IsKnown() ? $"it is not known ({host.NotMeasured ?? "not measured"})"
        : fitted?.IsKnown() != true ? $"it is not known on which host {engine.Name} was fitted"
        : fitted.ProbeVersion != host.ProbeVersion
            ? $"figures of version {fitted.ProbeVersion} and {host.ProbeVersion} of the probe do not compare"
        : $"{UnknownLaunch}, {UnknownThread}";

    private string UnknownLaunch => Unknown("launch time", fitted?.LaunchSeconds, host.LaunchSeconds);

    private string UnknownThread =>
        Unknown("speed of one thread", fitted?.SingleThreadOperationsPerSecond, host.SingleThreadOperationsPerSecond);

    private static bool AreAlike(double? ratio) => ratio is null or (> 1 / AlikeRatio and < AlikeRatio);

    private static string Unknown(string what, double? before, double? after) => (before, after) switch
    {
        (null, null) => $"{what} known of neither host",
        (null, _) => $"{what} not known of the host of the fit",
        _ => $"{what} not known of the host to predict for",
    };

    /// <summary>
    /// The costs with the host's share of them scaled. The time of a layer whose launches were recorded is the accelerator's, which replays
    /// them; so are sampling and attention.
    /// </summary>
    private EngineCosts Scaled(EngineCosts costs) => costs with
    {
        StepSeconds = costs.StepSeconds * ThreadFactor,
        SequenceSeconds = costs.SequenceSeconds * ThreadFactor,
        PromptStepSeconds = costs.PromptStepSeconds * ThreadFactor,
        TensorParallelStepSeconds = costs.TensorParallelStepSeconds * ThreadFactor,
        TensorParallelSequenceSeconds = costs.TensorParallelSequenceSeconds * ThreadFactor,
        OverlappedSequenceSeconds = costs.OverlappedSequenceSeconds * ThreadFactor,
        UnrecordedLayerSeconds = costs.UnrecordedLayerSeconds * LaunchFactor,
        OverlappedLayerSeconds = costs.OverlappedLayerSeconds * LaunchFactor,
        OverlappedExchangeSeconds = costs.OverlappedExchangeSeconds * LaunchFactor,
    };
}
