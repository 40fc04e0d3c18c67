using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Records.Tables;

namespace GreenServe.Records.Runs;

/// <summary>Converts the rows of each table to its records.</summary>
internal static class RunRows
{
    internal static RequestRecord Request(TableReader row) => new(
        row.RequiredWhole("id"),
        row.RequiredText("class"),
        row.RequiredNumber("scheduled_seconds"),
        row.Number("issued_seconds"),
        row.Number("first_token_seconds"),
        row.Number("completed_seconds"),
        (int)row.RequiredWhole("input_tokens_asked"),
        (int?)row.Whole("input_tokens_counted"),
        (int)row.RequiredWhole("output_tokens_asked"),
        (int?)row.Whole("output_tokens_counted"),
        row.RequiredEnum<RequestStatus>("status"),
        row.Text("error"),
        row.Text("server_id"))
    {
        TbtP99Seconds = row.Number("tbt_p99_seconds"),
        TbtMaxSeconds = row.Number("tbt_max_seconds"),
        EnergyJoules = row.Number("energy_joules"),
        PrefillEnergyJoules = row.Number("prefill_energy_joules"),
        ClientQueueSeconds = row.Number("client_queue_seconds"),
    };

    internal static EngineStep Step(TableReader row) => new(
        row.RequiredNumber("start_seconds"),
        row.RequiredNumber("duration_seconds"),
        (int)row.RequiredWhole("prefill_tokens"),
        (int)row.RequiredWhole("decode_sequences"),
        row.RequiredWhole("context_tokens"))
    {
        EnergyJoules = row.Number("energy_joules"),
        PrefillEnergyJoules = row.Number("prefill_energy_joules"),
        ClockMegahertz = row.Number("clock_megahertz"),
    };

    internal static void Write(CsvTableWriter table, EngineStep step) => table
        .AddSeconds(step.StartSeconds).AddSeconds(step.DurationSeconds)
        .Add(step.PrefillTokens).Add(step.DecodeSequences).Add(step.ContextTokens)
        .Add(step.EnergyJoules).Add(step.PrefillEnergyJoules).Add(step.ClockMegahertz)
        .EndRow();

    internal static PowerSample Power(TableReader row)
    {
        PowerSample sample = new(
            row.RequiredText("meter"), row.RequiredNumber("seconds"), row.Number("watts"), row.Number("cumulative_joules"));
        return sample.Watts is null != sample.CumulativeJoules is null
            ? sample
            : throw row.Bad("watts, cumulative_joules", sample.Watts is null ? "neither" : "both", "exactly one of the two");
    }

    internal static DeviceReading Device(TableReader row) => new(
        row.RequiredText("device"), row.RequiredText("quantity"), row.RequiredNumber("seconds"), row.RequiredNumber("value"));

    internal static ServerMetric Server(TableReader row) =>
        new(row.RequiredText("metric"), row.RequiredNumber("seconds"), row.RequiredNumber("value"));

    internal static (string Name, int Bin, long Count) ClientLag(TableReader row) =>
        (row.RequiredText("lag"), (int)row.RequiredWhole("bin"), row.RequiredWhole("count"));

    internal static (string Class, int Bin, long Count) TokenGap(TableReader row) =>
        (row.RequiredText("class"), (int)row.RequiredWhole("bin"), row.RequiredWhole("count"));
}
