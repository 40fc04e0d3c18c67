using System.Collections.Frozen;
using System.Globalization;
using GreenServe.Records.Requests;

namespace GreenServe.Records.Tables;

/// <summary>A column of a record's tables.</summary>
/// <param name="Name">Name in snake_case, ending in its unit where it has one.</param>
/// <param name="Kind">What the column's cells hold. Any cell may be absent.</param>
public sealed record RecordColumn(string Name, ColumnKind Kind)
{
    // Times and sums beyond these come from no run. They would only overflow what is computed of them.
    private const double MaxSeconds = 1e12;
    private const double MaxJoules = 1e18;
    private const double MaxSum = 1e36;
    private const double MaxMegahertz = 1e6;
    private const double MaxCount = 1e12;
    private const double MaxWatts = 1e11;
    private const double MaxParallelism = 1e6;
    private const double MaxGramsPerKilowattHour = 1e6;
    private const double AbsoluteZeroCelsius = -273.15;
    private const double MaxCelsius = 1e4;

    /// <summary>Largest bin of which the sum of both edges fits into 64 bits. It stands for 146 years.</summary>
    private const double MaxBin = 7167;

    private static readonly FrozenSet<string> Texts = FrozenSet.Create(
        "class", "status", "error", "server_id", "meter", "metric", "device", "quantity", "lag", "run",
        "action", "setting", "reason", "refusal", "scope", "priority");

    private static readonly FrozenDictionary<string, (double Min, double Max)> Wholes = new Dictionary<string, (double, double)>
    {
        ["id"] = (0, RequestLimits.MaxRequests - 1),
        ["request_id"] = (0, RequestLimits.MaxRequests - 1),
        ["token_index"] = (0, int.MaxValue),
        ["bin"] = (0, MaxBin),
        ["count"] = (0, MaxCount),
        ["input_tokens_asked"] = (0, int.MaxValue),
        ["input_tokens_counted"] = (0, int.MaxValue),
        ["output_tokens_asked"] = (0, int.MaxValue),
        ["output_tokens_counted"] = (0, int.MaxValue),
        ["prefill_tokens"] = (0, int.MaxValue),
        ["decode_sequences"] = (0, int.MaxValue),
        ["context_tokens"] = (0, MaxCount),
        ["adapter"] = (0, int.MaxValue),
        ["step_count"] = (1, RequestLimits.MaxTokens),
        ["server"] = (0, int.MaxValue),
        ["instance"] = (0, int.MaxValue),
        ["gpus_on"] = (0, int.MaxValue),
        ["instances"] = (0, int.MaxValue),
        ["requests"] = (0, int.MaxValue),
        ["held_requests"] = (0, int.MaxValue),
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, (double Min, double Max)> Numbers = new Dictionary<string, (double, double)>
    {
        ["seconds"] = (-MaxSeconds, MaxSeconds),
        ["scheduled_seconds"] = (-MaxSeconds, MaxSeconds),
        ["issued_seconds"] = (-MaxSeconds, MaxSeconds),
        ["first_token_seconds"] = (-MaxSeconds, MaxSeconds),
        ["last_token_seconds"] = (-MaxSeconds, MaxSeconds),
        ["completed_seconds"] = (-MaxSeconds, MaxSeconds),
        ["start_seconds"] = (-MaxSeconds, MaxSeconds),
        ["at_seconds"] = (-MaxSeconds, MaxSeconds),
        ["effective_seconds"] = (-MaxSeconds, MaxSeconds),
        ["duration_seconds"] = (0, MaxSeconds),
        ["context_token_seconds"] = (0, MaxSeconds),
        ["tbt_p99_seconds"] = (0, MaxSeconds),
        ["tbt_max_seconds"] = (0, MaxSeconds),
        ["client_queue_seconds"] = (0, MaxSeconds),
        ["sum_seconds"] = (0, MaxSum),
        ["sum_square_seconds"] = (0, MaxSum),
        ["energy_joules"] = (0, MaxJoules),
        ["prefill_energy_joules"] = (0, MaxJoules),
        ["context_token_joules"] = (0, MaxJoules),
        ["clock_megahertz"] = (0, MaxMegahertz),
        ["mean_clock_megahertz"] = (0, MaxMegahertz),
        ["gpu_watts"] = (0, MaxWatts),
        ["host_watts"] = (0, MaxWatts),
        ["max_watts"] = (0, MaxWatts),
        ["budget_watts"] = (0, MaxWatts),
        ["mean_tensor_parallelism"] = (1, MaxParallelism),
        ["gpu_celsius"] = (AbsoluteZeroCelsius, MaxCelsius),
        ["inlet_celsius"] = (AbsoluteZeroCelsius, MaxCelsius),
        ["grams_per_kilowatt_hour"] = (0, MaxGramsPerKilowattHour),
    }.ToFrozenDictionary();

    /// <summary>Whether the column holds times or durations, and no sums of them.</summary>
    internal bool IsTime => Kind == ColumnKind.Number && Range.Max == MaxSeconds;

    /// <summary>
    /// Whether the column's times are rounded to the nanosecond. Parquet then holds them as decimals of nine places, which take a third of
    /// the space.
    /// </summary>
    internal bool IsRounded { get; init; }

    /// <summary>The smallest and the largest number that a cell may hold, in the column's unit.</summary>
    private (double Min, double Max) Range { get; init; } = (double.MinValue, double.MaxValue);

    /// <summary>The allowed numbers in words, for messages.</summary>
    internal string Allowed
    {
        get
        {
            string kind = Kind == ColumnKind.Whole ? "a whole number" : "a finite number";
            return Range.Max == double.MaxValue
                ? kind
                : string.Create(CultureInfo.InvariantCulture, $"{kind} in [{Range.Min:R}, {Range.Max:R}]");
        }
    }

    /// <summary>The column of a name. A column that this build does not know is taken to hold numbers.</summary>
    public static RecordColumn Of(string name) =>
        Texts.Contains(name) ? new RecordColumn(name, ColumnKind.Text)
        : Wholes.TryGetValue(name, out (double Min, double Max) whole)
            ? new RecordColumn(name, ColumnKind.Whole) { Range = whole }
        : Numbers.TryGetValue(name, out (double Min, double Max) number)
            ? new RecordColumn(name, ColumnKind.Number) { Range = number }
        : new RecordColumn(name, ColumnKind.Number);

    /// <summary>Whether a cell may hold a number. NaN and infinities are refused.</summary>
    internal bool Accepts(double value) => value >= Range.Min && value <= Range.Max;
}

/// <summary>What the cells of a column hold.</summary>
public enum ColumnKind
{
    /// <summary>The cells hold text.</summary>
    Text,

    /// <summary>The cells hold whole numbers.</summary>
    Whole,

    /// <summary>The cells hold finite numbers.</summary>
    Number,
}
