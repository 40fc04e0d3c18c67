using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Grids;
using GreenServe.Simulation.Grids;

namespace GreenServe.Simulation.Clusters.Monitoring;

/// <summary>A place with servers on one electric grid.</summary>
public sealed record SiteEntry : IChecked
{
    /// <summary>
    /// The signal of the grid: the name of a day that the suite comes with, or the path of a <c>.csv</c> file beside the cluster file.
    /// </summary>
    public required string Grid { get; init; }

    /// <summary>Time in the signal at which the run begins, in whole seconds, from 0 to 31622400.</summary>
    /// <value>Default 0.</value>
    [Range(0, 31_622_400)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double StartSeconds { get; init; }

    /// <summary>
    /// Time after which the signal repeats, in whole seconds, in (0, 31622400]; <c>null</c> for a signal whose last values hold for ever.
    /// </summary>
    [Range(0, 31_622_400, MinimumIsExclusive = true)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? RepeatsEverySeconds { get; init; }

    /// <summary>Currency of the prices, for example <c>USD</c>; <c>null</c> where it is not stated.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Currency { get; init; }

    /// <inheritdoc />
    public IEnumerable<Problem> Check() => WholeSeconds.Check("$.start_seconds", StartSeconds)
        .Concat(WholeSeconds.Check("$.repeats_every_seconds", RepeatsEverySeconds));

    /// <summary>Path of the file of its signal; <c>null</c> for a day that the suite comes with.</summary>
    internal string? GridPath => GridCatalog.IsPath(Grid) ? Grid : null;

    /// <summary>The site with the path of its signal taken from a folder.</summary>
    internal SiteEntry Within(string folder) => GridPath is not null ? this with { Grid = Path.Combine(folder, Grid) } : this;

    /// <summary>Reads the signal.</summary>
    /// <exception cref="InvalidInputException">The signal is not known or not valid, or repeats before its last point.</exception>
    internal GridSignal ReadSignal()
    {
        IReadOnlyList<GridPoint> points = GridCatalog.Find(Grid);
        return points[^1].AtSeconds >= RepeatsEverySeconds
            ? throw new InvalidInputException(new Problem(
                "repeats_every_seconds", RepeatsEverySeconds, $"more than the {points[^1].AtSeconds} s of the last row of {Grid}"))
            : new GridSignal(points, RepeatsEverySeconds).StartingAt(StartSeconds);
    }
}
