using System.Globalization;
using GreenServe.Analysis.Metrics.Steps;
using GreenServe.Records.EnergyAccounting;
using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;

namespace GreenServe.Analysis.Metrics;

/// <summary>The parts of a window's energy. They add up to its total.</summary>
/// <remarks>
/// <para>
/// The idle part is idle power times the window's length. The loaded-idle part is what loaded weights and raised clocks add to it.
/// </para>
/// <para>
/// Prefill and decode are the energy above loaded-idle power. Where the engine's steps carry the energy, they are split in the shares that
/// the steps state. Where meters do, they are split by a regression over stretches of the window (<see cref="PhaseEnergySplit"/>), and what
/// the regression does not explain stays unsplit.
/// </para>
/// </remarks>
/// <param name="TotalJoules">Window energy (J).</param>
/// <param name="IdleJoules">What cool, empty accelerators would have used (J); <c>null</c> without an idle baseline.</param>
/// <param name="LoadedIdleJoules">
/// What holding the model ready added (J). Without an idle baseline it includes the idle part. <c>null</c> without a loaded-idle baseline.
/// </param>
/// <param name="PrefillJoules">Energy of prompts above loaded-idle power (J); <c>null</c> where phases are not known.</param>
/// <param name="DecodeJoules">Energy of tokens above loaded-idle power (J); <c>null</c> where phases are not known.</param>
/// <param name="UnsplitJoules">The rest that no known part covers (J); 0 when all parts are known.</param>
/// <param name="Note">Why a part is missing; <c>null</c> when none is.</param>
public sealed record EnergyBreakdown(
    double TotalJoules,
    double? IdleJoules,
    double? LoadedIdleJoules,
    double? PrefillJoules,
    double? DecodeJoules,
    double UnsplitJoules,
    string? Note)
{
    // A rest below this share of the total is rounding of the sum.
    private const double RoundingRatio = 1e-9;

    /// <summary>Whether the known parts leave a rest that is more than the rounding of their sum.</summary>
    internal bool HasUnsplit => Math.Abs(UnsplitJoules) > RoundingRatio * TotalJoules;

    /// <summary>How prefill and decode were told apart, in words; <c>null</c> where they were not.</summary>
    public string? PhaseMethod { get; init; }

    /// <summary>Two standard errors of the prefill energy (J); <c>null</c> where the steps state the energy.</summary>
    public double? PrefillErrorJoules { get; init; }

    /// <summary>Two standard errors of the decode energy (J); <c>null</c> where the steps state the energy.</summary>
    public double? DecodeErrorJoules { get; init; }

    /// <summary>Energy above loaded-idle power (J); <c>null</c> without a loaded-idle baseline.</summary>
    public double? DynamicJoules => LoadedIdleJoules is { } loaded ? TotalJoules - (IdleJoules ?? 0) - loaded : null;

    /// <summary>The known parts by name, with the unsplit rest where there is one (J).</summary>
    public IEnumerable<(string Name, double Joules)> Parts => new (string Name, double? Joules)[]
        {
            ("idle", IdleJoules), ("loaded-idle", LoadedIdleJoules), ("prefill", PrefillJoules), ("decode", DecodeJoules),
            ("not split", HasUnsplit ? UnsplitJoules : null),
        }.Where(part => part.Joules is not null).Select(part => (part.Name, part.Joules!.Value));

    /// <summary>Finds the parts of a window's energy.</summary>
    /// <param name="energy">Energy of the window.</param>
    /// <param name="window">The window.</param>
    /// <param name="record">The record, for its baselines and readings.</param>
    /// <param name="steps">What its steps tell about the window.</param>
    /// <returns><c>null</c> where the window's energy was not measured.</returns>
    internal static EnergyBreakdown? Of(RunEnergy energy, MeasurementWindow window, RunRecord record, StepWindow steps)
    {
        if (energy.Joules.Value is not { } total)
        {
            return null;
        }

        Baselines? baselines = record.Manifest.Baselines;
        if (baselines?.LoadedIdleWatts is null)
        {
            return new EnergyBreakdown(total, null, null, null, null, total, "loaded-idle power was not measured");
        }

        return energy.Source == EnergySource.Steps
            ? OfSteps(total, steps.AboveLoadedIdle, baselines, window)
            : OfMeters(total, Split(energy, window, record, steps), baselines, window);
    }

    private static EnergyBreakdown OfSteps(double total, PhaseEnergy? phases, Baselines baselines, MeasurementWindow window)
    {
        double? idle = baselines.IdleWatts * window.LengthSeconds;
        if (phases is null)
        {
            double loadedIdle = baselines.LoadedIdleWatts!.Value * window.LengthSeconds;
            return Of(total, loadedIdle, idle, null, "phases are not known: no energy was stated for the steps");
        }

        return Of(total, phases.StaticJoules, idle, (phases.PrefillJoules, phases.DecodeJoules), null) with
        {
            PhaseMethod = "energy of the engine's steps",
        };
    }

    private static EnergyBreakdown OfMeters(double total, PhaseEnergySplit split, Baselines baselines, MeasurementWindow window)
    {
        double? idle = baselines.IdleWatts * window.LengthSeconds;
        double staticJoules = baselines.LoadedIdleWatts!.Value * window.LengthSeconds;
        if (split.NotMeasured is { } reason)
        {
            return Of(total, staticJoules, idle, null, $"phases are not known: {reason}");
        }

        return Of(total, staticJoules, idle, (split.PrefillJoules?.Value, split.DecodeJoules?.Value), null) with
        {
            PhaseMethod = string.Create(CultureInfo.InvariantCulture, $"{split.Method}, R² {split.RSquared:0.00}"),
            PrefillErrorJoules = split.PrefillJoules?.Error,
            DecodeErrorJoules = split.DecodeJoules?.Error,
        };
    }

    private static EnergyBreakdown Of(
        double total, double staticJoules, double? idle, (double? Prefill, double? Decode)? phases, string? phaseNote)
    {
        // Without an idle baseline the static part stays whole and is called loaded-idle: that is what was measured.
        double loaded = staticJoules - (idle ?? 0);
        double known = (idle ?? 0) + loaded + (phases?.Prefill ?? 0) + (phases?.Decode ?? 0);
        string? idleNote = idle is null ? "idle power was not measured: loaded-idle holds it" : null;
        string? note = idleNote is null || phaseNote is null ? idleNote ?? phaseNote : $"{idleNote}; {phaseNote}";
        return new EnergyBreakdown(total, idle, loaded, phases?.Prefill, phases?.Decode, total - known, note);
    }

    private static PhaseEnergySplit Split(RunEnergy energy, MeasurementWindow window, RunRecord record, StepWindow steps)
    {
        MeterDescription[] meters = [.. energy.Devices.Select(device => EnergyAccount.MeterOf(record, device.Meter))];
        return PhaseEnergySplit.ByRegression(
            PhaseWindow.Cut(meters, record.MeterReadings, window.StartSeconds, window.EndSeconds, EnergyAccount.WorkOf(record, steps)),
            record.Manifest.Baselines!.LoadedIdleWatts);
    }
}
