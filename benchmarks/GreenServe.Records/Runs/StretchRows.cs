using GreenServe.Records.Measurements;
using GreenServe.Records.Tables;

namespace GreenServe.Records.Runs;

/// <summary>Converts the rows of <c>steps.csv</c> to stretches of steps. A row without a count of steps is a single step.</summary>
/// <param name="table">The table. Its columns are looked up once, because a record has millions of rows.</param>
internal sealed class StretchRows(TableReader table)
{
    private readonly int start = table.IndexOf("start_seconds");
    private readonly int duration = table.IndexOf("duration_seconds");
    private readonly int durationIncrement = table.IndexOf("duration_increment_seconds");
    private readonly int prefill = table.IndexOf("prefill_tokens");
    private readonly int decode = table.IndexOf("decode_sequences");
    private readonly int context = table.IndexOf("context_tokens");
    private readonly int energy = table.IndexOf("energy_joules");
    private readonly int energyIncrement = table.IndexOf("energy_increment_joules");
    private readonly int prefillEnergy = table.IndexOf("prefill_energy_joules");
    private readonly int clock = table.IndexOf("clock_megahertz");
    private readonly int count = table.IndexOf("step_count");

    /// <summary>Converts a row.</summary>
    internal EngineStretch Read(TableReader row) => new(
        row.Number(start) ?? throw row.Bad("start_seconds", null, "a finite number"),
        (int)(row.Whole(count) ?? 1),
        new ArithmeticProgression(
            row.Number(duration) ?? throw row.Bad("duration_seconds", null, "a finite number"), row.Number(durationIncrement) ?? 0),
        (int)(row.Whole(prefill) ?? throw row.Bad("prefill_tokens", null, "a whole number")),
        (int)(row.Whole(decode) ?? throw row.Bad("decode_sequences", null, "a whole number")),
        row.Whole(context) ?? throw row.Bad("context_tokens", null, "a whole number"))
    {
        StepJoules = row.Number(energy) is { } joules ? new ArithmeticProgression(joules, row.Number(energyIncrement) ?? 0) : null,
        PrefillEnergyJoules = row.Number(prefillEnergy),
        ClockMegahertz = row.Number(clock),
    };

    /// <summary>Checks a row.</summary>
    /// <exception cref="InvalidInputException">A number is missing or out of range.</exception>
    internal void Check(TableReader row) => Read(row);
}
