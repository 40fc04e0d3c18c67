using System.Globalization;

namespace GreenServe.Workloads.Traces;

/// <summary>The columns of one CSV format that hold what a trace needs, and how it writes arrivals.</summary>
/// <param name="Format">The format.</param>
/// <param name="Arrival">Column of the arrival.</param>
/// <param name="Input">Column of the input length.</param>
/// <param name="Output">Column of the output length.</param>
/// <param name="ArrivalAllowed">Description of the allowed arrivals, for messages.</param>
/// <param name="Unit">Unit of the arrivals, in words.</param>
/// <param name="ReadTicks">Reads an arrival in units of 100 ns.</param>
internal sealed record TraceColumns(
    TraceFormat Format, string Arrival, string Input, string Output, string ArrivalAllowed, string Unit, Func<string, long?> ReadTicks)
{
    /// <summary>Latest time that can be kept, in units of 100 ns: 28,000 years.</summary>
    internal const decimal MaxTicks = 9e18m;

    private static readonly string SecondsAllowed = $"seconds, a number in [0, {MaxTicks / TimeSpan.TicksPerSecond:0}]";
    private const string Seconds = "seconds";
    private const string TimeAllowed = "a time such as 2023-11-16 18:15:46.6805900";

    // The digits at "F" are optional, and "K" is an offset, Z or nothing: the files of 2024 mix all of them.
    private static readonly string[] TimestampPatterns = ["yyyy-MM-dd HH:mm:ss.FFFFFFFK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK"];

    internal static IReadOnlyList<TraceColumns> All { get; } =
    [
        new(TraceFormat.Normalised, "arrival_seconds", "input_tokens", "output_tokens", SecondsAllowed, Seconds, SecondsToTicks),
        new(TraceFormat.Azure, "TIMESTAMP", "ContextTokens", "GeneratedTokens", TimeAllowed, "dates with times", TimestampToTicks),
        new(TraceFormat.Burstgpt, "Timestamp", "Request tokens", "Response tokens", SecondsAllowed, Seconds, SecondsToTicks),
        new(TraceFormat.Vidur, "arrived_at", "num_prefill_tokens", "num_decode_tokens", SecondsAllowed, Seconds, SecondsToTicks),
    ];

    /// <summary>Whether a header has all three columns of the format.</summary>
    internal bool Fit(IReadOnlyList<string> header) =>
        new[] { Arrival, Input, Output }.All(column => header.Contains(column, StringComparer.OrdinalIgnoreCase));

    /// <summary>Converts decimal seconds to units of 100 ns, without the rounding of a double.</summary>
    internal static long? SecondsToTicks(string text) => ScaledToTicks(text, TimeSpan.TicksPerSecond);

    /// <summary>
    /// Multiplies a non-negative decimal number by a factor and rounds it to whole units; <c>null</c> for any other text.
    /// </summary>
    internal static long? ScaledToTicks(string text, decimal scaleFactor) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal value)
        && value >= 0
        && value <= MaxTicks / scaleFactor
            ? (long)Math.Round(value * scaleFactor)
            : null;

    private static long? TimestampToTicks(string text) =>
        DateTimeOffset.TryParseExact(
            text.Trim(), TimestampPatterns, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
            ? time.UtcTicks
            : null;
}
