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
        LastTokenSeconds = row.Number("last_token_seconds"),
    };

    internal static TokenTime Token(TableReader row) =>
        new(row.RequiredWhole("request_id"), (int)row.RequiredWhole("token_index"), row.RequiredNumber("seconds"));

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

    internal static HistogramRow ClientLag(TableReader row) =>
        new(row.RequiredText("lag"), (int)row.RequiredWhole("bin"), row.RequiredWhole("count"));

    internal static HistogramRow TokenGap(TableReader row)
    {
        string name = row.RequiredText("class");
        RequestRows.RequireClass(row, name);
        return new HistogramRow(name, (int)row.RequiredWhole("bin"), row.RequiredWhole("count"))
        {
            SumSeconds = row.Number("sum_seconds"),
            SumSquareSeconds = row.Number("sum_square_seconds"),
        };
    }

    /// <summary>What checks the rows of a table one after the other, for a reader that keeps none of them.</summary>
    internal static Action<TableReader> CheckOf(RecordTable table)
    {
        RequestRows requests = new();
        return table.File switch
        {
            RunFiles.Requests => requests.Check,
            RunFiles.Steps => row => _ = Step(row),
            RunFiles.Power => row => _ = Power(row),
            RunFiles.Device => row => _ = Device(row),
            RunFiles.Server => row => _ = Server(row),
            RunFiles.ClientLags => row => _ = ClientLag(row),
            RunFiles.TokenGaps => row => _ = TokenGap(row),
            _ => CheckNothing,
        };

        static void CheckNothing(TableReader row)
        {
        }
    }
}

/// <summary>One bin of one of the histograms of a table.</summary>
/// <param name="Name">Name of the histogram.</param>
/// <param name="Bin">Index of the bin.</param>
/// <param name="Count">Number of durations in it.</param>
internal readonly record struct HistogramRow(string Name, int Bin, long Count)
{
    /// <summary>Sum of the durations (s); <c>null</c> where the table does not hold it.</summary>
    internal double? SumSeconds { get; init; }

    /// <summary>Sum of the squares of the durations (s²); <c>null</c> where the table does not hold it.</summary>
    internal double? SumSquareSeconds { get; init; }

    internal void AddTo(LatencyHistogram histogram)
    {
        if (SumSeconds is { } sum && SumSquareSeconds is { } squares)
        {
            histogram.AddBin(Bin, Count, sum, squares);
        }
        else
        {
            histogram.AddBin(Bin, Count);
        }
    }
}
