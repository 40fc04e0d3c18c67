using GreenServe.Records.Documents;
using GreenServe.Simulation.Validation;

namespace GreenServe.Simulation.Calibration.Observables;

/// <summary>Prepares published points for a calibration. Only those that are marked for calibration are ever fitted to.</summary>
internal static class PointLoads
{
    /// <summary>The loads of points.</summary>
    /// <param name="points">The points.</param>
    /// <param name="stated">What the user states in place of the file.</param>
    /// <param name="notes">Receives a sentence for each reason why points are left out.</param>
    internal static IReadOnlyList<ObservedLoad> Of(IReadOnlyList<MeasuredPoint> points, StatedSystem stated, ICollection<string> notes)
    {
        PointCatalog catalog = PointCatalog.With(stated);
        List<ObservedLoad> loads = [];
        Dictionary<string, List<string>> skipped = [];
        foreach (MeasuredPoint point in points)
        {
            if (PointScenario.TryCreate(catalog.Stated(point), catalog, out string? reason) is { } scenario)
            {
                loads.Add(LoadOf(scenario));
            }
            else
            {
                (skipped.TryGetValue(reason!, out List<string>? ids) ? ids : skipped[reason!] = []).Add(point.Id);
            }
        }

        foreach ((string reason, List<string> ids) in skipped)
        {
            notes.Add($"{ids.Count} points left out, {reason}: {string.Join(", ", ids.Take(5))}{(ids.Count > 5 ? ", .." : "")}");
        }

        return loads;
    }

    private static ObservedLoad LoadOf(PointScenario scenario) => new()
    {
        Name = scenario.Point.Id,
        OperatingPoint = scenario.Point.Id,
        Path = scenario.Point.Id,
        Measured = scenario.Point,
        System = scenario.System,
        Simulate = system => PointPredictor.Predict(scenario with { System = system }),
        InputTokens = scenario.Schedule.Requests.Average(request => (double)request.InputTokens),
        OutputTokens = scenario.Schedule.Requests.Average(request => (double)request.OutputTokens),
        Users = scenario.Schedule.Concurrency,
        MayBeFitted = scenario.Point.IsForCalibration,
        Likeness = $"{scenario.Point.Source} {scenario.Point.Model} {scenario.Point.Load} {scenario.Point.InputTokens} "
            + $"{scenario.Point.OutputTokens} {DocumentContract.ToNode(scenario.System.Knobs)}",
    };
}
