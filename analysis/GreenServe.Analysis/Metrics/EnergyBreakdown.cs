using System.Globalization;
using GreenServe.Records.EnergyAccounting;
using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;

namespace GreenServe.Analysis.Metrics;

/// <summary>Where the energy of a window went: parts that add up to its total.</summary>
/// <remarks>
/// Static parts come from the baselines, dynamic ones are what is left: idle = idle power x time; loaded-idle = what weights in memory and
/// raised clocks add to that; prefill and decode = energy of the steps above loaded-idle power, in the shares the steps state, or for metered runs
/// a regression over stretches of the window (<see cref="PhaseEnergySplit"/>); what that does not explain stays unsplit.
/// </remarks>
/// <param name="TotalJoules">Window energy (J).</param>
/// <param name="IdleJoules">What cool, empty accelerators would have used (J); <c>null</c> without that baseline.</param>
/// <param name="LoadedIdleJoules">What holding the model ready added (J); <c>null</c> without that baseline.</param>
/// <param name="PrefillJoules">Dynamic energy of prompts (J); <c>null</c> where phases are not known.</param>
/// <param name="DecodeJoules">Dynamic energy of tokens (J); <c>null</c> where phases are not known.</param>
/// <param name="UnsplitJoules">What none of the known parts covers (J): 0 when all are known.</param>
/// <param name="Note">Why a part is missing; empty when none is.</param>
public sealed record EnergyBreakdown(
    double TotalJoules,
    double? IdleJoules,
    double? LoadedIdleJoules,
    double? PrefillJoules,
    double? DecodeJoules,
    double UnsplitJoules,
    string Note)
{
    /// <summary>The parts by name, the unsplit rest included where there is one.</summary>
    public IEnumerable<(string Name, double Joules)> Parts => new (string Name, double? Joules)[]
        {
            ("idle", IdleJoules), ("loaded-idle", LoadedIdleJoules), ("prefill", PrefillJoules), ("decode", DecodeJoules),
            ("not split", Math.Abs(UnsplitJoules) > 1e-9 * TotalJoules ? UnsplitJoules : null),
        }.Where(part => part.Joules is not null).Select(part => (part.Name, part.Joules!.Value));

    // Below this share of explained variance the split would be the noise's.
    private const double MinRSquared = 0.8;

    /// <summary>How prefill and decode were told apart; empty where they were not.</summary>
    public string PhaseMethod { get; init; } = "";

    /// <summary>Two standard errors of the prefill energy (J); <c>null</c> where the steps state it.</summary>
    public double? PrefillErrorJoules { get; init; }

    /// <summary>Two standard errors of the decode energy (J); <c>null</c> where the steps state it.</summary>
    public double? DecodeErrorJoules { get; init; }

    /// <summary>Energy above loaded-idle (J); <c>null</c> without that baseline.</summary>
    public double? DynamicJoules => LoadedIdleJoules is { } loaded ? TotalJoules - (IdleJoules ?? 0) - loaded : null;

    /// <summary>Breaks the energy of a window down.</summary>
    /// <returns><c>null</c> where the window's energy was not measured.</returns>
    public static EnergyBreakdown? Of(RunEnergy energy, MeasurementWindow window, RunRecord record)
    {
        if (energy.Joules.Value is not { } total)
        {
            return null;
        }

        Baselines? baselines = record.Manifest.Baselines;
        if (baselines?.LoadedIdleWatts is not { } loadedWatts)
        {
            return new EnergyBreakdown(total, null, null, null, null, total, "loaded-idle power was not measured");
        }

        return energy.Source == EnergySource.Steps
            ? OfSteps(total, PhaseEnergy.Of(record.Steps, window, loadedWatts), baselines, window)
            : OfMeters(total, Split(energy, window, record, loadedWatts), baselines, window);
    }

    private static EnergyBreakdown OfSteps(double total, PhaseEnergy? phases, Baselines baselines, MeasurementWindow window)
    {
        double staticJoules = phases?.StaticJoules ?? (baselines.LoadedIdleWatts!.Value * window.LengthSeconds);
        string note = phases is null ? "phases are not known: no energy was stated for the steps" : "";
        return Of(total, staticJoules, baselines, window, (phases?.PrefillJoules, phases?.DecodeJoules), note) with
        {
            PhaseMethod = phases is null ? "" : "energy of the engine's steps",
        };
    }

    private static EnergyBreakdown OfMeters(double total, PhaseEnergySplit split, Baselines baselines, MeasurementWindow window)
    {
        double staticJoules = baselines.LoadedIdleWatts!.Value * window.LengthSeconds;
        if (split.NotMeasured is not null || split.RSquared < MinRSquared)
        {
            string why = split.NotMeasured ?? string.Create(CultureInfo.InvariantCulture, $"the regression explains {split.RSquared:0 %} of the course of the power, wanted {MinRSquared:0 %}");
            return Of(total, staticJoules, baselines, window, (null, null), $"phases are not known: {why}");
        }

        return Of(total, staticJoules, baselines, window, (split.PrefillJoules?.Value, split.DecodeJoules?.Value), "") with
        {
            PhaseMethod = string.Create(CultureInfo.InvariantCulture, $"{split.Method}, R² {split.RSquared:0.00}"),
            PrefillErrorJoules = split.PrefillJoules?.Error,
            DecodeErrorJoules = split.DecodeJoules?.Error,
        };
    }

    private static EnergyBreakdown Of(
        double total, double staticJoules, Baselines baselines, MeasurementWindow window, (double? Prefill, double? Decode) phases, string note)
    {
        double? idle = baselines.IdleWatts * window.LengthSeconds;

        // Without an idle baseline the static part stays whole and is called loaded-idle: that is what was measured.
        double loaded = staticJoules - (idle ?? 0);
        double known = (idle ?? 0) + loaded + (phases.Prefill ?? 0) + (phases.Decode ?? 0);
        string notes = string.Join("; ", new[] { idle is null ? "idle power was not measured: loaded-idle holds it" : "", note }.Where(part => part.Length > 0));
        return new EnergyBreakdown(total, idle, loaded, phases.Prefill, phases.Decode, total - known, notes);
    }

    private static PhaseEnergySplit Split(RunEnergy energy, MeasurementWindow window, RunRecord record, double loadedWatts)
    {
        MeterDescription[] meters = [.. energy.Devices.Select(device => record.Manifest.Meters.First(meter => meter.Name == device.Meter))];
        IEnumerable<PhaseWork> work = record.Steps.Count > 0 ? PhaseWindow.WorkOf(record.Steps) : PhaseWindow.WorkOf(record.Requests);
        return PhaseEnergySplit.ByRegression(PhaseWindow.Cut(meters, record.MeterReadings, window.StartSeconds, window.EndSeconds, work), loadedWatts);
    }
}
