using GreenServe.Records.Tables;

namespace GreenServe.Records.Runs;

/// <summary>How the tables of a run record are written.</summary>
public sealed record RecordOptions
{
    /// <summary>Whether tables are CSV or Parquet.</summary>
    /// <value>Default: <see cref="TableFormat.Auto"/>.</value>
    public TableFormat Tables { get; init; } = TableFormat.Auto;

    /// <summary>
    /// Whether the run can be made again from its workload and seed, as a simulation can. Its rows then need not survive a killed process,
    /// and large tables are written once.
    /// </summary>
    /// <value>Default: <c>false</c>.</value>
    public bool IsReproducible { get; init; }

    /// <summary>Whether each step of a simulated engine is a row of its own. Otherwise a row stands for a stretch of equal steps.</summary>
    /// <value>Default: <c>false</c>.</value>
    public bool KeepsEachStep { get; init; }
}
