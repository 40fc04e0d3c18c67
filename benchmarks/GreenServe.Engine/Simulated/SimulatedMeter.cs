using System.Security.Cryptography;
using GreenServe.Simulation.Physics;

namespace GreenServe.Engine.Simulated;

/// <summary>Energy and power of simulated GPUs that run in wall-clock time, as the driver of real ones would show them.</summary>
/// <remarks>
/// A step spends its joules evenly over its time. Between steps the GPUs draw the power of a loaded model. Every reading is computed from
/// the simulator's power model: nothing is measured. The type is thread-safe.
/// </remarks>
public sealed class SimulatedMeter
{
    /// <summary>The period at which the counter and the power change (s), as NVML's do on an H200.</summary>
    public const double RefreshSeconds = 0.1;

    /// <summary>The time over which the power is a mean (s), as that of <c>nvmlDeviceGetPowerUsage</c>.</summary>
    public const double AveragingSeconds = 1;

    private const int RefreshesPerSecond = 10;
    private const int IdentifierDigits = 8;
    private readonly TimeProvider clock;
    private readonly double idleWatts;
    private readonly Lock gate = new();
    private readonly long originTimestamp;

    // The energy at the last refreshes. Refresh n is at place n modulo the length.
    private readonly double[] shownJoules = new double[RefreshesPerSecond + 1];
    private long refreshes;

    // The step that began last. Before the first one it has no length and no energy.
    private long stepStart;
    private long stepEnd;
    private double stepJoules;
    private double joulesBeforeStep;

    /// <summary>Creates the meter of a simulated system. Its counter begins at 0 J.</summary>
    /// <param name="system">The system whose power is shown.</param>
    /// <param name="clock">The clock on which its steps take their time.</param>
    internal SimulatedMeter(SimulatedSystem system, TimeProvider clock)
    {
        StepModel model = system.StepModel();
        this.clock = clock;
        idleWatts = model.LoadedIdleWatts.Middle;
        Gpus = model.Gpus;
        GpuName = $"{system.Gpu.Name}, simulated";
        originTimestamp = stepStart = stepEnd = clock.GetTimestamp();
    }

    /// <summary>Number of GPUs. All of them draw the same power.</summary>
    public int Gpus { get; }

    /// <summary>Name of each GPU. It says that the GPU is simulated.</summary>
    public string GpuName { get; }

    /// <summary>Beginning of the identifiers of the GPUs, which differs between servers. It says that the GPUs are simulated.</summary>
    public string Identifier { get; } =
        $"GPU-simulated-{RandomNumberGenerator.GetHexString(IdentifierDigits, lowercase: true)}";

    /// <summary>The energy and the power of all GPUs together at the last refresh.</summary>
    public SimulatedMeterReading Read()
    {
        lock (gate)
        {
            RefreshUntil(clock.GetTimestamp());
            long span = Math.Min(refreshes, RefreshesPerSecond);
            double joules = Shown(refreshes);
            double watts = span == 0 ? idleWatts : (joules - Shown(refreshes - span)) / (span * RefreshSeconds);
            return new SimulatedMeterReading(joules, watts);
        }
    }

    /// <summary>Counts a step when it begins. Steps come in order and do not overlap.</summary>
    /// <param name="startTimestamp">When the step begins, at the end of the last one or later.</param>
    /// <param name="endTimestamp">When it ends.</param>
    /// <param name="joules">The energy that all GPUs use in it (J).</param>
    internal void AddStep(long startTimestamp, long endTimestamp, double joules)
    {
        lock (gate)
        {
            RefreshUntil(startTimestamp);
            joulesBeforeStep = JoulesAt(startTimestamp);
            (stepStart, stepEnd, stepJoules) = (startTimestamp, endTimestamp, joules);
        }
    }

    private double Shown(long refresh) => shownJoules[refresh % shownJoules.Length];

    /// <summary>Takes the readings of all refreshes up to a moment. What has been shown once is not changed any more.</summary>
    private void RefreshUntil(long timestamp)
    {
        long period = clock.TimestampFrequency / RefreshesPerSecond;
        long last = (timestamp - originTimestamp) / period;

        // Older refreshes than the buffer holds are needed by nobody.
        for (long refresh = Math.Max(refreshes + 1, last - RefreshesPerSecond); refresh <= last; refresh++)
        {
            shownJoules[refresh % shownJoules.Length] = JoulesAt(originTimestamp + (refresh * period));
        }

        refreshes = Math.Max(refreshes, last);
    }

    /// <summary>The energy at a moment that is not before the step that began last (J).</summary>
    private double JoulesAt(long timestamp)
    {
        long inStep = Math.Min(timestamp, stepEnd) - stepStart;
        double ofStep = stepEnd > stepStart ? stepJoules * inStep / (stepEnd - stepStart) : 0;
        double idleSeconds = Math.Max(0, timestamp - stepEnd) / (double)clock.TimestampFrequency;
        return joulesBeforeStep + ofStep + (idleWatts * idleSeconds);
    }
}

/// <summary>What a simulated meter shows of all its GPUs together.</summary>
/// <param name="Joules">The energy since the start of the server (J).</param>
/// <param name="Watts">The mean power over the last second, or since the start if that is less (W).</param>
public readonly record struct SimulatedMeterReading(double Joules, double Watts);
