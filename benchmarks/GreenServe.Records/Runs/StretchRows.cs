using GreenServe.Records.Measurements;
using GreenServe.Records.Tables;

namespace GreenServe.Records.Runs;

/// <summary>Converts the rows of <c>steps.csv</c> to stretches of steps. A row without a count of steps is a single step.</summary>
/// <param name="table">The table. Its columns are looked up once, because a record has millions of rows.</param>
internal sealed class StretchRows(TableReader table)
{
    private readonly int start = table.IndexOf("start_seconds");
    private readonly int duration = table.IndexOf("duration_seconds");
    private readonly int tokenSeconds = table.IndexOf("context_token_seconds");
    private readonly int prefill = table.IndexOf("prefill_tokens");
    private readonly int decode = table.IndexOf("decode_sequences");
    private readonly int context = table.IndexOf("context_tokens");
    private readonly int energy = table.IndexOf("energy_joules");
    private readonly int tokenJoules = table.IndexOf("context_token_joules");
    private readonly int prefillEnergy = table.IndexOf("prefill_energy_joules");
    private readonly int clock = table.IndexOf("clock_megahertz");
    private readonly int count = table.IndexOf("step_count");

    private double? endSeconds;

    /// <summary>Converts a row. Where its start is absent, it begins where the row before ended.</summary>
    internal EngineStretch Read(TableReader row)
    {
        EngineStretch stretch = new(
            row.Number(start) ?? endSeconds ?? throw row.Bad("start_seconds", null, "a finite number in the first row"),
            (int)(row.Whole(count) ?? 1),
            row.Number(duration) ?? throw row.Bad("duration_seconds", null, "a finite number"),
            (int)(row.Whole(prefill) ?? throw row.Bad("prefill_tokens", null, "a whole number")),
            (int)(row.Whole(decode) ?? throw row.Bad("decode_sequences", null, "a whole number")),
            row.Whole(context) ?? throw row.Bad("context_tokens", null, "a whole number"))
        {
            ContextTokenSeconds = row.Number(tokenSeconds) ?? 0,
            FirstJoules = row.Number(energy),
            ContextTokenJoules = row.Number(tokenJoules) ?? 0,
            PrefillEnergyJoules = row.Number(prefillEnergy),
            ClockMegahertz = row.Number(clock),
        };
        endSeconds = stretch.EndSeconds;
        return stretch;
    }
}

/// <summary>A row of steps with its start, which the file may leave out.</summary>
internal sealed class StartedRow(IRecordRow row, double startSeconds) : IRecordRow
{
    /// <inheritdoc />
    public string? Text(string column) => row.Text(column);

    /// <inheritdoc />
    public long? Whole(string column) => row.Whole(column);

    /// <inheritdoc />
    public double? Number(string column) => column == "start_seconds" ? startSeconds : row.Number(column);
}
