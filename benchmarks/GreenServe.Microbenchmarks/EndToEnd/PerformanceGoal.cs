namespace GreenServe.Microbenchmarks.EndToEnd;

/// <summary>What is measured of a command and held to a goal.</summary>
internal enum CostKind
{
    /// <summary>Wall time (s).</summary>
    Time,

    /// <summary>Peak resident memory (bytes).</summary>
    Memory,

    /// <summary>Size of the files written (bytes).</summary>
    Disk,
}

/// <summary>The cost that a command should not exceed.</summary>
/// <param name="Command">The command, as <see cref="CommandPlan"/> names it.</param>
/// <param name="Requests">Number of requests of the workload; <c>null</c> for a command whose cost has nothing to do with them.</param>
/// <param name="Kind">What the goal limits.</param>
/// <param name="Wanted">The limit, in seconds or bytes.</param>
/// <param name="Origin">
/// What the first version cost on the machine on which the goals were set, in the unit of the limit; <c>null</c> where that is not known.
/// </param>
internal sealed record PerformanceGoal(string Command, int? Requests, CostKind Kind, double Wanted, double? Origin = null)
{
    private const int Million = 1_000_000;
    private const double Megabyte = 1e6;
    private const double Gigabyte = 1e9;

    /// <summary>Every goal that this benchmark can check.</summary>
    internal static IReadOnlyList<PerformanceGoal> All { get; } =
    [
        new(CommandPlan.Run, Million, CostKind.Time, 6, 26),
        new(CommandPlan.Run, Million, CostKind.Memory, 400 * Megabyte, 2.1 * Gigabyte),
        new(CommandPlan.Run, Million, CostKind.Disk, 150 * Megabyte, 1.13 * Gigabyte),
        new(CommandPlan.Analyze, Million, CostKind.Time, 10, 25),
        new(CommandPlan.Analyze, Million, CostKind.Memory, 1 * Gigabyte, 4.5 * Gigabyte),
        new(CommandPlan.Attribute, Million, CostKind.Time, 6, 15),
        new(CommandPlan.Attribute, Million, CostKind.Memory, 700 * Megabyte, 3.0 * Gigabyte),
        new(CommandPlan.Compare, Million, CostKind.Time, 12, 21),
        new(CommandPlan.Compare, Million, CostKind.Memory, 900 * Megabyte, 2.5 * Gigabyte),
        new(CommandPlan.Query, Million, CostKind.Time, 2),
        new(CommandPlan.Query, Million, CostKind.Memory, 500 * Megabyte),
        new(CommandPlan.Sweep, null, CostKind.Time, 5, 7.9),
        new(CommandPlan.Sweep, null, CostKind.Disk, 60 * Megabyte, 501 * Megabyte),
        new(CommandPlan.Run, 10 * Million, CostKind.Time, 60),
        new(CommandPlan.Run, 10 * Million, CostKind.Memory, 500 * Megabyte),
        new(CommandPlan.Version, null, CostKind.Time, 0.12),
        new(CommandPlan.SmallRun, null, CostKind.Time, 0.3),
    ];

    /// <summary>What the command cost in a measurement; <c>null</c> if it was not measured.</summary>
    internal double? CostIn(PerformanceMeasurement measurement) => measurement.Find(Command, Requests) is { } cost
        ? Kind switch
        {
            CostKind.Time => cost.WallSeconds,
            CostKind.Memory => cost.PeakBytes,
            _ => cost.WrittenBytes,
        }
        : null;

    /// <summary>
    /// The cost in one measurement as a share of that in another; <c>null</c> if one of them is missing. Times are compared as processor
    /// time in units of the reference program, because wall times of a shared machine differ from hour to hour.
    /// </summary>
    internal double? ShareOf(PerformanceMeasurement measurement, PerformanceMeasurement first) => Kind == CostKind.Time
        ? measurement.Find(Command, Requests)?.ReferenceMultiple / first.Find(Command, Requests)?.ReferenceMultiple
        : CostIn(measurement) / CostIn(first);
}
