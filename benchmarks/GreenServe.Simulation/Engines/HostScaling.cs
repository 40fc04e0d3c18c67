using System.Globalization;
using GreenServe.Records.Systems;

namespace GreenServe.Simulation.Engines;

/// <summary>
/// Scales the host work of an engine from the host on which it was fitted to another. Work that is a chain of kernel launches goes with the
/// launch time, other work of the host with the speed of one thread, and work of the accelerator stays what it is.
/// </summary>
/// <remarks>
/// Assumed: the work itself is the same on both hosts, and takes time in proportion to what the probe measures. A term whose figure is not
/// known on both sides is not scaled, and <see cref="Sentence"/> says so.
/// </remarks>
public sealed class HostScaling
{
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
        launchRatio = host.LaunchSeconds / fitted?.LaunchSeconds;

        // Speeds of one thread compare only between equal definitions of the work.
        threadRatio = fitted?.ProbeVersion == host.ProbeVersion
            ? fitted.SingleThreadOperationsPerSecond / host.SingleThreadOperationsPerSecond
            : null;
    }

    /// <summary>The scaling of an engine's host work.</summary>
    /// <param name="engine">The engine, with its overrides for its accelerator applied.</param>
    /// <param name="host">The host to predict for; <c>null</c> for the one on which the engine was fitted.</param>
    /// <returns>The scaling; <c>null</c> where the prediction is for the host on which the engine was fitted.</returns>
    public static HostScaling? For(EngineProfile engine, HostSpeed? host) =>
        host is null || host == engine.FittedHost ? null : new HostScaling(engine, host);

    /// <summary>Factor on the terms that go with the launch time of kernels; 1 where it is not known.</summary>
    public double LaunchFactor => launchRatio ?? 1;

    /// <summary>Factor on the terms that go with the speed of one thread; 1 where it is not known.</summary>
    public double ThreadFactor => threadRatio ?? 1;

    /// <summary>The engine with its host work as it is on the host that is predicted for.</summary>
    public EngineProfile ScaledEngine => LaunchFactor == 1 && ThreadFactor == 1 ? engine : engine with
    {
        FrontEndSeconds = engine.FrontEndSeconds * ThreadFactor,
        Costs = Scaled(engine.Costs),
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

    /// <summary>What was scaled, from what to what, or why nothing was, in one sentence.</summary>
    public string Sentence
    {
        get
        {
            string launches = launchRatio is null
                ? $"launch time of kernels not scaled ({Unknown(fitted?.LaunchSeconds, host.LaunchSeconds)})"
                : $"launches of kernels from {Microseconds(fitted!.LaunchSeconds)} to {Microseconds(host.LaunchSeconds)}";
            string thread = threadRatio is null
                ? $"speed of one thread not scaled ({UnknownThread()})"
                : $"one thread from {Operations(fitted!)} to {Operations(host)}";
            return launchRatio is null && threadRatio is null
                ? $"the host's speed is not taken into account: {UnknownBoth()}"
                : $"host work of {engine.Name} is scaled to another host: {launches}, {thread}";
        }
    }

    private string UnknownBoth() => host.IsKnown()
        ? fitted?.IsKnown() == true
            ? $"{Unknown(fitted.LaunchSeconds, host.LaunchSeconds)}; {UnknownThread()}"
            : $"it is not known on which host {engine.Name} was fitted"
        : $"it is not known ({host.NotMeasured ?? "not measured"})";

    private string UnknownThread() => fitted is not null && fitted.ProbeVersion != host.ProbeVersion
        ? $"versions {fitted.ProbeVersion} and {host.ProbeVersion} of the probe do not compare"
        : Unknown(fitted?.SingleThreadOperationsPerSecond, host.SingleThreadOperationsPerSecond);

    private static string Unknown(double? before, double? after) => (before, after) switch
    {
        (null, null) => "known of neither host",
        (null, _) => "not known of the host of the fit",
        _ => "not known of the host to predict for",
    };

    private static string Microseconds(double? seconds) => string.Create(CultureInfo.InvariantCulture, $"{1e6 * seconds:0.00} us");

    private static string Operations(HostSpeed speed) => string.Create(
        CultureInfo.InvariantCulture, $"{speed.SingleThreadOperationsPerSecond / 1e6:0.00} million operations/s");
}
