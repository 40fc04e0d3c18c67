using GreenServe.Analysis.Metrics;
using GreenServe.Records.Runs;

namespace GreenServe.Analysis.Attribution;

/// <summary>Where the energy of a window went: parts that add up to its total.</summary>
/// <remarks>
/// Static parts come from the baselines, dynamic ones are what is left: idle = idle power x time; loaded-idle = what weights in memory and
/// raised clocks add to that; prefill and decode = energy of the steps above loaded-idle power, in the shares the steps state.
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

    /// <summary>Breaks the energy of a window down.</summary>
    /// <returns><c>null</c> where the window's energy was not measured.</returns>
    public static EnergyBreakdown? Of(WindowEnergy energy, MeasurementWindow window, IReadOnlyList<EngineStep> steps, Baselines? baselines)
    {
        if (energy.Joules.Value is not { } total)
        {
            return null;
        }

        if (baselines?.LoadedIdleWatts is not { } loadedWatts)
        {
            return new EnergyBreakdown(total, null, null, null, null, total, "loaded-idle power was not measured");
        }

        PhaseEnergy? phases = energy.Source == EnergySource.Steps ? PhaseEnergy.Of(steps, window, loadedWatts) : null;
        double staticJoules = phases?.StaticJoules ?? (loadedWatts * window.LengthSeconds);
        double? idle = baselines.IdleWatts * window.LengthSeconds;
        double? loaded = staticJoules - idle;
        string note = idle is null ? "idle power was not measured" : phases is null ? "phases are not known: no energy was stated for the steps" : "";
        double known = (idle ?? 0) + (loaded ?? 0) + (phases?.PrefillJoules ?? 0) + (phases?.DecodeJoules ?? 0);
        return new EnergyBreakdown(total, idle, loaded, phases?.PrefillJoules, phases?.DecodeJoules, total - known, note);
    }
}
