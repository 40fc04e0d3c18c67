using GreenServe.Records.Measurements;

namespace GreenServe.Analysis.Metrics;

/// <summary>A run, or one class of it, against its SLO.</summary>
public sealed record SloOutcome
{
    /// <summary>Name of the SLO profile.</summary>
    public required string Profile { get; init; }

    /// <summary>Every limit with what was found.</summary>
    public required IReadOnlyList<SloLimitResult> Limits { get; init; }

    /// <summary>Requests that met, or provably missed, the SLO.</summary>
    public required int Decided { get; init; }

    /// <summary>Requests within it.</summary>
    public required int Within { get; init; }

    /// <summary>Requests cut off by the end of the run before either was certain; in no share.</summary>
    public required int Undecided { get; init; }

    /// <summary>Requests within the SLO per second of the window (requests/s).</summary>
    public required Reading Goodput { get; init; }

    /// <summary>Share of the decided requests within the SLO.</summary>
    public Reading Attainment => Decided == 0 ? Reading.Missing("no request was decided") : Reading.Of((double)Within / Decided);

    /// <summary>
    /// Largest latency over its limit, over all limits: the run is feasible for every SLO loosened by at least this factor.
    /// </summary>
    public Reading WorstRatio
    {
        get
        {
            SloLimitResult[] tested = [.. Limits.Where(limit => limit.Ratio is not null)];
            return Limits.FirstOrDefault(limit => limit.NotTestedReason is not null) is { } untested ? Reading.Missing(untested.NotTestedReason!)
                : tested.Length == 0 ? Reading.Missing("no request that the SLO applies to")
                : tested.Max(limit => limit.Ratio!.Value) is var worst && double.IsFinite(worst) ? Reading.Of(worst)
                : Reading.Missing("too many requests failed for any SLO");
        }
    }

    /// <summary>Whether every limit holds at its percentile; <c>null</c> where one could not be tested and none failed.</summary>
    public bool? IsFeasible =>
        Limits.Any(limit => limit.Holds == false) ? false
        : Limits.Any(limit => limit.NotTestedReason is not null) || Limits.All(limit => limit.IsVacuous) ? null
        : true;

    /// <summary>Length of the window the goodput refers to, or <c>null</c>.</summary>
    public MeasurementWindow? Window { get; init; }
}
