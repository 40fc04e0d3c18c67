using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using GreenServe.Records;
using GreenServe.Records.Documents;

namespace GreenServe.Workloads.Traces;

/// <summary>The trace of a workload, and which part of it is used.</summary>
public sealed record TraceSource : IChecked
{
    /// <summary>Path of the file, relative to the workload's folder.</summary>
    [Description("Path of the trace file, relative to the folder of the workload file.")]
    public required string File { get; init; }

    /// <summary>Format of the file.</summary>
    [Description("Format of the file; automatic tells it from the first line.")]
    public TraceFormat Format { get; init; } = TraceFormat.Automatic;

    /// <summary>SHA-256 the file must have, in hexadecimal; <c>null</c> for any.</summary>
    [Description("SHA-256 the file must have, in hexadecimal; absent accepts any.")]
    public string? Sha256 { get; init; }

    /// <summary>Rows before this offset from the first row are left out (s, as recorded).</summary>
    [Description("Rows before this offset from the first row are left out, in seconds as recorded. The slice then begins at 0.")]
    [Range(0, double.PositiveInfinity)]
    public double FromSeconds { get; init; }

    /// <summary>Rows from this offset on are left out (s, as recorded); <c>null</c> for none.</summary>
    [Description("Rows from this offset on are left out, in seconds as recorded.")]
    [Range(0, double.PositiveInfinity, MinimumIsExclusive = true)]
    public double? ToSeconds { get; init; }

    /// <summary>Most rows taken from the slice; <c>null</c> for all.</summary>
    [Description("Most rows taken from the slice; absent takes all.")]
    [Range(1, int.MaxValue)]
    public int? MaximumRequests { get; init; }

    /// <inheritdoc />
    public IEnumerable<Problem> Check()
    {
        if (ToSeconds <= FromSeconds)
        {
            yield return new Problem("$.to_seconds", ToSeconds, $"more than from_seconds ({FromSeconds:R})");
        }

        if (Sha256 is not null && !(Sha256.Length == 64 && Sha256.All(char.IsAsciiHexDigit)))
        {
            yield return new Problem("$.sha256", $"'{Sha256}'", "64 hexadecimal digits");
        }
    }
}
