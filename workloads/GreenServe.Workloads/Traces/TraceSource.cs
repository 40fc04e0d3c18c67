using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Requests;

namespace GreenServe.Workloads.Traces;

/// <summary>The trace of a workload, and the slice of it that is used.</summary>
public sealed record TraceSource : IChecked
{
    /// <summary>Path of the trace file, relative to the folder of the workload file.</summary>
    public required string File { get; init; }

    /// <summary>Format of the file. With automatic it is recognized by the first line.</summary>
    /// <value>Default <see cref="TraceFormat.Automatic"/>.</value>
    public TraceFormat Format { get; init; } = TraceFormat.Automatic;

    /// <summary>SHA-256 that the text of the file must have, in hexadecimal; <c>null</c> accepts any.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Beginning of the slice in recorded seconds from the first row. The slice then begins at 0.</summary>
    /// <value>At least 0; default 0.</value>
    [Range(0, double.PositiveInfinity)]
    public double FromSeconds { get; init; }

    /// <summary>
    /// End of the slice in recorded seconds from the first row, not included; <c>null</c> for the end of the trace.
    /// </summary>
    /// <value>Above 0.</value>
    [Range(0, double.PositiveInfinity, MinimumIsExclusive = true)]
    public double? ToSeconds { get; init; }

    /// <summary>Highest number of rows taken from the slice; <c>null</c> takes all.</summary>
    /// <value>At least 1.</value>
    [Range(1, int.MaxValue)]
    public int? MaximumRequests { get; init; }

    /// <summary>Whether prompts begin with the blocks that the trace records as <c>hash_ids</c>.</summary>
    /// <value>Default <see cref="TracePrefixUse.Recorded"/>.</value>
    /// <remarks>The default is left out of the canonical JSON, so that workloads without it keep their SHA-256.</remarks>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public TracePrefixUse Prefixes { get; init; }

    /// <summary>Tokens of a prompt that one of the <c>hash_ids</c> stands for; <c>null</c> for the number of the format.</summary>
    /// <value>At least 1. Mooncake and GuideLLM 512, Bailian 16.</value>
    [Range(1, RequestLimits.MaxTokens)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? HashBlockTokens { get; init; }

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

/// <summary>Whether prompts share what the prompts of a trace shared.</summary>
public enum TracePrefixUse
{
    /// <summary>Prompts begin with the blocks that the trace records.</summary>
    Recorded,

    /// <summary>Every prompt is unique from its first token, whatever the trace records.</summary>
    Ignored,
}
