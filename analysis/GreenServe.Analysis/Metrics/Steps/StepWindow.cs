using GreenServe.Analysis.Formatting;
using GreenServe.Records.EnergyAccounting;
using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;

namespace GreenServe.Analysis.Metrics.Steps;

/// <summary>What the engine's steps tell about a run and about a window of it, in a single pass that keeps none of the steps.</summary>
internal sealed class StepWindow
{
    // Times in files are rounded. A missing step is longer than this, and is noticed.
    private const double SlackSeconds = 1e-3;
    private readonly double fromSeconds;
    private readonly double toSeconds;
    private readonly StepEnergy energy;
    private readonly StepPhases phases;
    private readonly PhaseEnergy? aboveLoadedIdle;
    private EngineStep last;

    private StepWindow(double fromSeconds, double toSeconds, double? loadedIdleWatts)
    {
        this.fromSeconds = fromSeconds;
        this.toSeconds = toSeconds;
        energy = new StepEnergy([fromSeconds, toSeconds]);
        phases = new StepPhases(fromSeconds, toSeconds);
        aboveLoadedIdle = loadedIdleWatts is { } watts ? new PhaseEnergy(fromSeconds, toSeconds, watts) : null;
    }

    /// <summary>Beginning of the first step (s); <c>null</c> where there is no step.</summary>
    internal double? FirstSeconds { get; private set; }

    /// <summary>End of the last step (s); 0 where there is no step.</summary>
    internal double LastSeconds => last.StartSeconds + last.DurationSeconds;

    /// <summary>Whether a step states its energy.</summary>
    internal bool StatesAnyEnergy { get; private set; }

    /// <summary>Whether there are steps and each states its energy.</summary>
    internal bool StatesEnergy => FirstSeconds is not null && !LacksEnergy;

    /// <summary>Energy in the window (J); of use where <see cref="StatesEnergy"/>.</summary>
    internal double Joules => energy.Joules(fromSeconds, toSeconds);

    /// <summary>Highest mean power of a step that touches the window (W); <c>null</c> if no step does.</summary>
    internal double? PeakWatts { get; private set; }

    /// <summary>The reason why the steps do not give the energy of the window; <c>null</c> if they cover it.</summary>
    internal string? NotMeasuredReason => FirstSeconds > fromSeconds + SlackSeconds || energy.EndSeconds < toSeconds - SlackSeconds
        ? $"engine steps from {NumberText.Of(FirstSeconds!.Value)} s to {NumberText.Of(energy.EndSeconds!.Value)} s do not cover the "
            + $"window from {NumberText.Of(fromSeconds)} s to {NumberText.Of(toSeconds)} s"
        : null;

    /// <summary>
    /// The energy of the window by phase, above loaded-idle power; <c>null</c> where that power is not known or a step in the window states
    /// no split.
    /// </summary>
    internal PhaseEnergy? AboveLoadedIdle => aboveLoadedIdle is { IsKnown: true } ? aboveLoadedIdle : null;

    private bool LacksEnergy { get; set; }

    /// <summary>Reads every step of a record.</summary>
    /// <param name="record">The record.</param>
    /// <param name="window">The window; <c>null</c> for none, and then only what concerns the whole run is of use.</param>
    internal static StepWindow Of(RunRecord record, MeasurementWindow? window) => Of(
        record.StreamSteps(), window?.StartSeconds ?? 0, window?.EndSeconds ?? 0, record.Manifest.Baselines?.LoadedIdleWatts);

    /// <summary>Reads every step.</summary>
    /// <param name="steps">Steps in the order of time.</param>
    /// <param name="fromSeconds">Beginning of the window (s).</param>
    /// <param name="toSeconds">End of the window (s).</param>
    /// <param name="loadedIdleWatts">Power with the weights loaded and no request (W); <c>null</c> where it is not known.</param>
    internal static StepWindow Of(IEnumerable<EngineStep> steps, double fromSeconds, double toSeconds, double? loadedIdleWatts = null)
    {
        StepWindow window = new(fromSeconds, toSeconds, loadedIdleWatts);
        foreach (EngineStep step in steps)
        {
            window.Add(step);
        }

        return window;
    }

    /// <summary>The energy of the window by phase, as the steps state it.</summary>
    internal PhaseEnergySplit Phases() => phases.Split();

    private void Add(in EngineStep step)
    {
        FirstSeconds ??= step.StartSeconds;
        last = step;
        energy.Add(step);
        phases.Add(step);
        aboveLoadedIdle?.Add(step);
        if (step.EnergyJoules is not { } joules)
        {
            LacksEnergy = true;
            return;
        }

        StatesAnyEnergy = true;
        if (step.DurationSeconds > 0 && step.StartSeconds < toSeconds && step.StartSeconds + step.DurationSeconds > fromSeconds)
        {
            PeakWatts = Math.Max(PeakWatts ?? 0, joules / step.DurationSeconds);
        }
    }
}
