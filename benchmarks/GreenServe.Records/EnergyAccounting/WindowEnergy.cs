using GreenServe.Records.Measurements;
using GreenServe.Records.Verdicts;
using static GreenServe.Records.EnergyAccounting.EnergyWindow;

namespace GreenServe.Records.EnergyAccounting;

/// <summary>Energy of a window by scope, and the checks that may make it invalid.</summary>
/// <param name="Scopes">One entry for each scope that has a meter, in the order of <see cref="MeterScope"/>. Never add nested ones.</param>
/// <param name="CrossChecks">Comparisons of a counter with averaged power, for each device that has both.</param>
public sealed record WindowEnergy(IReadOnlyList<ScopeEnergy> Scopes, IReadOnlyList<EnergyCrossCheck> CrossChecks)
{
    /// <summary>Largest tolerated edge error as a share of the window's energy. Beyond it the window was too short.</summary>
    public const double EdgeErrorLimitRatio = 0.05;

    /// <summary>The entry of a scope; <c>null</c> if the record has no such meter.</summary>
    public ScopeEnergy? Of(MeterScope scope) => Scopes.FirstOrDefault(entry => entry.Scope == scope);

    /// <summary>Measures a window with every meter of a record.</summary>
    /// <param name="meters">The meters as the record describes them.</param>
    /// <param name="series">Their readings by name, from <see cref="MeterSeries.ByMeter"/>.</param>
    /// <param name="startSeconds">Beginning of the window (s from the start of the run).</param>
    /// <param name="endSeconds">End of the window (s from the start of the run).</param>
    public static WindowEnergy Measure(
        IReadOnlyList<MeterDescription> meters, IReadOnlyDictionary<string, MeterSeries> series, double startSeconds, double endSeconds) =>
        Of(meters, meter => EnergyWindow.Measure(meter, series.GetValueOrDefault(meter.Name), startSeconds, endSeconds));

    /// <summary>Chooses among readings that were obtained in any way: for each device the best meter that has a number.</summary>
    /// <param name="meters">The meters.</param>
    /// <param name="measure">Gives the reading of a meter over the window.</param>
    public static WindowEnergy Of(IReadOnlyList<MeterDescription> meters, Func<MeterDescription, EnergyReading> measure)
    {
        List<ScopeEnergy> scopes = [];
        List<EnergyCrossCheck> checks = [];
        foreach (IGrouping<MeterScope, MeterDescription> scope in meters.GroupBy(meter => meter.Scope).OrderBy(group => group.Key))
        {
            List<EnergyReading> chosen = [];
            List<EnergyReading> modelled = [];
            foreach (IGrouping<string, MeterDescription> device in scope.GroupBy(meter => meter.Device ?? meter.Name))
            {
                (MeterDescription Meter, EnergyReading Reading)[] readings =
                [
                    .. device.OrderBy(Rank).Select(meter => (meter, measure(meter))),
                ];
                (device.All(meter => meter.IsEstimated) ? modelled : chosen).Add(Choose(readings));
                checks.AddRange(Check(scope.Key, device.First().Device, readings));
            }

            scopes.Add(new ScopeEnergy(scope.Key, StandIn(chosen, modelled)));
        }

        return new WindowEnergy(scopes, checks);
    }

    /// <summary>The verdict reasons from this window: it is too short, its meters disagree, or a meter failed during it.</summary>
    /// <remarks>
    /// A window is too short where the edges matter for the energy of a whole scope. A device that is switched on shortly before the end
    /// has an uncertain energy, and hardly any.
    /// </remarks>
    public IEnumerable<VerdictReason> Reasons()
    {
        double limit = EdgeErrorLimitRatio;
        foreach (EnergyReading reading in Scopes.Where(scope => !(scope.EdgeErrorJoules <= limit * scope.Joules))
            .SelectMany(scope => scope.Readings))
        {
            if (reading.EdgeErrorJoules > limit * reading.Joules)
            {
                string edges = Text($"±{reading.EdgeErrorJoules:0.###} J at the window's edges on {reading.Joules:0.###} J");
                yield return new VerdictReason(VerdictCode.EnergyWindowTooShort, Text($"{reading.Meter}: {edges} is over {limit:P0}"));
            }
        }

        foreach (EnergyCrossCheck check in CrossChecks.Where(check => !check.Agrees))
        {
            string difference = Text($"{check.Averaged.Meter} gives {check.DifferenceRatio:+0.0 %;-0.0 %} against {check.Counter.Meter}");
            yield return new VerdictReason(VerdictCode.EnergyCrossCheck, Text($"{difference}, allowed ±{check.AllowedRatio:0.0 %}"));
        }
    }

    /// <summary>
    /// Verdict reasons from meters that worked when the run began and have no number for this window. A meter that never worked is
    /// no reason; its description says why.
    /// </summary>
    /// <param name="meters">The meters as the record describes them.</param>
    public IEnumerable<VerdictReason> Failures(IReadOnlyList<MeterDescription> meters) =>
        from reading in Scopes.SelectMany(scope => scope.Readings)
        where reading.Joules is null && meters.Any(meter => meter.Name == reading.Meter && meter.NotMeasured is null)
        select new VerdictReason(VerdictCode.MeterFailed, $"{reading.Meter}: {reading.NotMeasured}");

    private static int Rank(MeterDescription meter) => meter switch
    {
        { IsEstimated: true } => 3,
        { IsCounter: true } => 0,
        { AveragingSeconds: > 0 } => 1,
        _ => 2,
    };

    private static EnergyReading Choose((MeterDescription Meter, EnergyReading Reading)[] readings)
    {
        EnergyReading first = readings[0].Reading;
        EnergyReading? best = readings.Select(pair => pair.Reading).FirstOrDefault(reading => reading.Joules is not null);
        return best is null || best == first ? first : best with { Method = $"{best.Method} (not {first.Meter}: {first.NotMeasured})" };
    }

    /// <summary>
    /// The readings that count, where a model stands for all devices of a scope together. It is never added to readings of meters: it
    /// counts alone, and only where a meter has no number.
    /// </summary>
    private static List<EnergyReading> StandIn(List<EnergyReading> metered, List<EnergyReading> modelled)
    {
        EnergyReading? failed = metered.FirstOrDefault(reading => reading.Joules is null);
        bool isNeeded = metered.Count == 0 || (failed is not null && modelled.Exists(reading => reading.Joules is not null));
        return !isNeeded ? metered
            : failed is null ? modelled
            : [.. modelled.Select(reading => reading with { Method = $"{reading.Method} (not {failed.Meter}: {failed.NotMeasured})" })];
    }

    private static IEnumerable<EnergyCrossCheck> Check(
        MeterScope scope, string? device, (MeterDescription Meter, EnergyReading Reading)[] readings)
    {
        EnergyReading? counter = readings.FirstOrDefault(pair => pair.Meter is { IsCounter: true, IsEstimated: false }).Reading;
        EnergyReading? averaged = readings
            .FirstOrDefault(pair => pair.Meter is { IsCounter: false, IsEstimated: false, AveragingSeconds: > 0 }).Reading;
        return counter?.Joules > 0 && averaged?.Joules is not null ? [new EnergyCrossCheck(scope, device, counter, averaged)] : [];
    }
}
