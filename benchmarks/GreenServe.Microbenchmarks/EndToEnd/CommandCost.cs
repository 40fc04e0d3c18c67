namespace GreenServe.Microbenchmarks.EndToEnd;

/// <summary>What one command cost: the medians of its repetitions.</summary>
/// <param name="Command">The command in words, for example <c>run</c>.</param>
/// <param name="Requests">Number of requests of the workload; <c>null</c> for a command whose cost has nothing to do with them.</param>
internal sealed record CommandCost(string Command, int? Requests)
{
    /// <summary>Number of times that the command was run.</summary>
    public int Repetitions { get; init; } = 1;

    /// <summary>Time from start to end (s); <c>null</c> if the command failed.</summary>
    public double? WallSeconds { get; init; }

    /// <summary>Processor time outside the kernel, summed over cores (s); <c>null</c> if the command failed.</summary>
    public double? UserSeconds { get; init; }

    /// <summary>Processor time in the kernel, summed over cores (s); <c>null</c> if the command failed.</summary>
    public double? SystemSeconds { get; init; }

    /// <summary>Peak resident memory (bytes); <c>null</c> if the command failed, or if the system does not say.</summary>
    /// <remarks>Error: what the process gained in its last <see cref="MeasuredProcess.PollInterval"/> is not seen.</remarks>
    public long? PeakBytes { get; init; }

    /// <summary>Size of the files that the command left (bytes); <c>null</c> for a command that writes none, or that failed.</summary>
    public long? WrittenBytes { get; init; }

    /// <summary>Processor time of <see cref="ReferenceProgram"/>, run just before the command (s).</summary>
    public double ReferenceSeconds { get; init; }

    /// <summary>Processor time in units of the time of <see cref="ReferenceProgram"/>; <c>null</c> if the command failed.</summary>
    internal double? ReferenceMultiple => (UserSeconds + SystemSeconds) / ReferenceSeconds;

    /// <summary>Why a number is missing; <c>null</c> if none is.</summary>
    public string? NotMeasured { get; init; }

    /// <summary>The medians of repetitions of one command. If one of them failed, the command failed.</summary>
    internal static CommandCost MedianOf(IReadOnlyList<CommandCost> repetitions) =>
        repetitions.FirstOrDefault(cost => cost.WallSeconds is null) ?? repetitions[0] with
        {
            Repetitions = repetitions.Count,
            WallSeconds = Median(repetitions, cost => cost.WallSeconds),
            UserSeconds = Median(repetitions, cost => cost.UserSeconds),
            SystemSeconds = Median(repetitions, cost => cost.SystemSeconds),
            PeakBytes = (long?)Median(repetitions, cost => cost.PeakBytes),
            WrittenBytes = (long?)Median(repetitions, cost => cost.WrittenBytes),
            ReferenceSeconds = Median(repetitions, cost => cost.ReferenceSeconds)!.Value,
        };

    /// <summary>The middle value, or the lower of the two in the middle; <c>null</c> if a value is missing.</summary>
    private static double? Median(IReadOnlyList<CommandCost> repetitions, Func<CommandCost, double?> value)
    {
        double?[] sorted = [.. repetitions.Select(value).Order()];
        return sorted[0] is null ? null : sorted[(sorted.Length - 1) / 2];
    }
}
