using System.Text.Json.Nodes;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Metrics;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Measurements;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Records.Verdicts;

namespace GreenServe.Analysis.Results;

/// <summary>The result of one point: what served, what was asked, the verdict and every metric.</summary>
public sealed record ResultPoint
{
    /// <summary>Name of the point, which is that of its record's folder.</summary>
    public required string Point { get; init; }

    /// <summary>Folder of the record.</summary>
    public required string Record { get; init; }

    /// <summary>Whether the numbers are simulated, measured or estimated.</summary>
    public required EvidenceKind Evidence { get; init; }

    /// <summary>The kind of backend; <c>null</c> where the record does not name one.</summary>
    public BackendKind? Backend { get; init; }

    /// <summary>The server in its own words; <c>null</c> where it does not describe itself.</summary>
    public string? Server { get; init; }

    /// <summary>The model that was served.</summary>
    public required string Model { get; init; }

    /// <summary>The knobs of the run; a knob that is not known is <c>null</c>.</summary>
    public required Knobs Knobs { get; init; }

    /// <summary>The point's value on each axis of its experiment; empty for a single run.</summary>
    public required IReadOnlyDictionary<string, JsonNode?> Coordinates { get; init; }

    /// <summary>Name of the SLO; <c>null</c> for none.</summary>
    public string? Slo { get; init; }

    /// <summary>What the joules cover; <c>null</c> where no energy was measured.</summary>
    public string? EnergyScope { get; init; }

    /// <summary>Whether the run counts.</summary>
    public required bool IsValid { get; init; }

    /// <summary>Every reason against the run; empty for a valid run.</summary>
    public required IReadOnlyList<VerdictReason> Reasons { get; init; }

    /// <summary>Every metric by its name, which ends in its unit.</summary>
    public required IReadOnlyDictionary<string, ResultMetric> Metrics { get; init; }

    /// <summary>The result of a run.</summary>
    public static ResultPoint Of(ExperimentRun run)
    {
        RunManifest manifest = run.Metrics.Manifest;
        return new ResultPoint
        {
            Point = run.Name,
            Record = run.Folder,
            Evidence = manifest.Evidence,
            Backend = manifest.Backend,
            Server = manifest.Environment.Server,
            Model = manifest.Model,
            Knobs = manifest.Knobs,
            Coordinates = run.Coordinates,
            Slo = manifest.Slo?.Name,
            EnergyScope = run.Metrics.Energy.Scope is { } scope ? EnumText.Of(scope) : null,
            IsValid = run.Metrics.IsValid,
            Reasons = [.. run.Metrics.Reasons],
            Metrics = MetricCatalog.For(run.Metrics)
                .ToDictionary(metric => metric.Name, metric => ResultMetric.Of(metric, run.Metrics)),
        };
    }
}

/// <summary>A metric of a point: a number, or the reason why there is none.</summary>
public sealed record ResultMetric
{
    /// <summary>The number in the unit of the metric's name; <c>null</c> where it was not measured.</summary>
    public double? Value { get; init; }

    /// <summary>Largest error of the measurement, in the same unit; <c>null</c> where none is stated.</summary>
    public double? ErrorBound { get; init; }

    /// <summary>
    /// Lower end of the 80 % band in which a measurement lies, in the same unit; <c>null</c> for a number that is not simulated, and where
    /// nothing tells the band.
    /// </summary>
    public double? BandLow { get; init; }

    /// <summary>Upper end of that band, in the same unit; <c>null</c> exactly when the lower end is.</summary>
    public double? BandHigh { get; init; }

    /// <summary>Why a simulated number lies outside of what was validated; <c>null</c> where it lies within.</summary>
    public string? Extrapolated { get; init; }

    /// <summary>Why there is no number; <c>null</c> exactly when there is one.</summary>
    public string? NotMeasured { get; init; }

    internal static ResultMetric Of(MetricDefinition metric, RunMetrics run)
    {
        Reading reading = metric.Read(run);
        ErrorBand? band = reading.Value is null ? null : metric.Band?.Invoke(run);
        return new ResultMetric
        {
            Value = reading.Value,
            ErrorBound = reading.ErrorBound,
            BandLow = reading.Value * band?.LowFactor,
            BandHigh = reading.Value * band?.HighFactor,
            Extrapolated = band?.Extrapolated,
            NotMeasured = reading.NotMeasured,
        };
    }
}
