using System.Collections.Frozen;

namespace GreenServe.Records.Tables;

/// <summary>A column of a record's tables.</summary>
/// <param name="Name">Name in snake_case, ending in its unit where it has one.</param>
/// <param name="Kind">What the column's cells hold. Any cell may be absent.</param>
public sealed record RecordColumn(string Name, ColumnKind Kind)
{
    private static readonly FrozenSet<string> Texts = FrozenSet.Create(
        "class", "status", "error", "server_id", "meter", "metric", "device", "quantity", "lag", "run");

    private static readonly FrozenSet<string> Wholes = FrozenSet.Create(
        "id", "request_id", "token_index", "bin", "count", "input_tokens_asked", "input_tokens_counted", "output_tokens_asked",
        "output_tokens_counted", "prefill_tokens", "decode_sequences", "context_tokens");

    /// <summary>The column of a name. A column that this build does not know is taken to hold numbers.</summary>
    public static RecordColumn Of(string name) =>
        new(name, Texts.Contains(name) ? ColumnKind.Text : Wholes.Contains(name) ? ColumnKind.Whole : ColumnKind.Number);
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
