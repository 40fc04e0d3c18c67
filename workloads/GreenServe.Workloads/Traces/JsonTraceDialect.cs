using System.Text.Json;

namespace GreenServe.Workloads.Traces;

/// <summary>How one source writes a trace as JSON lines: the unit of its timestamps, and the length of a hashed block.</summary>
/// <param name="Format">The format.</param>
/// <param name="Unit">Unit of the timestamps, in words.</param>
/// <param name="TicksPerUnit">Number of ticks of 100 ns in that unit.</param>
/// <param name="BlockTokens">Tokens of a prompt that one entry of <c>hash_ids</c> stands for.</param>
/// <remarks>
/// All sources use the same names of fields, so that the unit cannot be read from one row. Mooncake counts milliseconds and blocks of 512
/// tokens (FAST '25 traces), Bailian seconds and blocks of 16 tokens, GuideLLM seconds and by default blocks of 512 tokens.
/// </remarks>
internal sealed record JsonTraceDialect(TraceFormat Format, string Unit, decimal TicksPerUnit, int BlockTokens)
{
    private const string Milliseconds = "milliseconds";
    private const string Seconds = "seconds";

    // As seconds since 1970 these are the years 2000 to 2100. As milliseconds they would be weeks after the start of a recording.
    private const decimal FirstEpochSecond = 946_684_800;
    private const decimal LastEpochSecond = 4_102_444_800;

    private static readonly JsonTraceDialect Mooncake = new(TraceFormat.Mooncake, Milliseconds, TimeSpan.TicksPerMillisecond, 512);
    private static readonly JsonTraceDialect Bailian = new(TraceFormat.Bailian, Seconds, TimeSpan.TicksPerSecond, 16);
    private static readonly JsonTraceDialect Guidellm = new(TraceFormat.Guidellm, Seconds, TimeSpan.TicksPerSecond, 512);
    private static readonly string[] BailianFields = ["chat_id", "parent_chat_id"];

    /// <summary>
    /// Whether the dialect was assumed since no row tells it: whole timestamps without other marks. Mooncake's are whole milliseconds.
    /// </summary>
    internal bool IsAssumed { get; private init; }

    /// <summary>Description of the allowed timestamps, for messages.</summary>
    internal string TimestampAllowed => IsAssumed
        ? "whole milliseconds, or a stated format: guidellm or bailian for seconds"
        : $"{Unit}, a number in [0, {TraceColumns.MaxTicks / TicksPerUnit:0}]";

    /// <summary>The dialect of a stated format; <c>null</c> for a format that is not written as JSON lines.</summary>
    internal static JsonTraceDialect? Of(TraceFormat format) =>
        new[] { Mooncake, Bailian, Guidellm }.FirstOrDefault(dialect => dialect.Format == format);

    /// <summary>Finds the dialect of a file from its first lines.</summary>
    /// <remarks>
    /// Bailian names chats. A fraction of a unit, or whole seconds since 1970, means seconds. All else is taken for Mooncake's
    /// milliseconds, and marked as assumed.
    /// </remarks>
    /// <param name="lines">The first lines. Lines that cannot be read tell nothing.</param>
    internal static JsonTraceDialect Detect(IEnumerable<string> lines)
    {
        JsonTraceDialect found = Mooncake with { IsAssumed = true };
        foreach (string line in lines)
        {
            try
            {
                using JsonDocument document = JsonDocument.Parse(line);
                JsonElement row = document.RootElement;
                if (row.ValueKind != JsonValueKind.Object)
                {
                    continue;
                }

                if (BailianFields.Any(name => row.TryGetProperty(name, out _)))
                {
                    return Bailian;
                }

                found = row.TryGetProperty("timestamp", out JsonElement value) && TellsSeconds(value) ? Guidellm : found;
            }
            catch (JsonException)
            {
                // The reader reports the line with its place.
            }
        }

        return found;
    }

    private static bool TellsSeconds(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out decimal timestamp)
        && (timestamp != Math.Truncate(timestamp) || timestamp is >= FirstEpochSecond and <= LastEpochSecond);
}
