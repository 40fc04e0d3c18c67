using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Simulation.Grids;

namespace GreenServe.Simulation.Clusters.Monitoring;

/// <summary>A time in which there is less power or less air than planned. Where several apply at once, the smallest share counts.</summary>
public sealed record EmergencyEntry : IChecked
{
    /// <summary>Beginning, in whole seconds from the start of the run, from 0 to 31622400.</summary>
    [Range(0, 31_622_400)]
    public required double FromSeconds { get; init; }

    /// <summary>End, in whole seconds from the start of the run, after the beginning and at most 31622400.</summary>
    [Range(0, 31_622_400)]
    public required double ToSeconds { get; init; }

    /// <summary>Share of the power budget that is left, in (0, 1]; <c>null</c> where power is not short.</summary>
    [Range(0, 1, MinimumIsExclusive = true)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? BudgetShare { get; init; }

    /// <summary>Name of the row whose budget it is; <c>null</c> for every row.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Row { get; init; }

    /// <summary>Share of the air that is left, in [0.01, 1]; <c>null</c> where air is not short.</summary>
    [Range(0.01, 1)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? AirflowShare { get; init; }

    /// <summary>Name of the aisle whose air it is; <c>null</c> for every aisle.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Aisle { get; init; }

    /// <inheritdoc />
    public IEnumerable<Problem> Check()
    {
        foreach (Problem problem in WholeSeconds.Check("$.from_seconds", FromSeconds).Concat(WholeSeconds.Check("$.to_seconds", ToSeconds)))
        {
            yield return problem;
        }

        if (ToSeconds <= FromSeconds)
        {
            yield return new Problem("$.to_seconds", ToSeconds, $"more than from_seconds, {FromSeconds}");
        }

        if (BudgetShare is null == AirflowShare is null)
        {
            string found = BudgetShare is null ? "neither" : "both";
            yield return new Problem("$", found, "budget_share or airflow_share");
        }

        if (Row is not null && BudgetShare is null)
        {
            yield return new Problem("$.row", Row, "budget_share beside it");
        }

        if (Aisle is not null && AirflowShare is null)
        {
            yield return new Problem("$.aisle", Aisle, "airflow_share beside it");
        }
    }

    /// <summary>Whether it applies at a time, in seconds from the start of the run.</summary>
    internal bool IsOn(double seconds) => FromSeconds <= seconds && seconds < ToSeconds;
}
