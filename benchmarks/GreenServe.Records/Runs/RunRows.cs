using GreenServe.Records.Documents;
using GreenServe.Records.Measurements;
using GreenServe.Records.Requests;
using GreenServe.Records.Tables;

namespace GreenServe.Records.Runs;

/// <summary>Converts the rows of each table to its records.</summary>
internal static class RunRows
{
    internal static TokenTime Token(TableReader row) =>
        new(row.RequiredWhole("request_id"), (int)row.RequiredWhole("token_index"), row.RequiredNumber("seconds"));

    /// <summary>The stretch of a step whose times are readings of a clock, rounded to the nanosecond.</summary>
    internal static EngineStretch Rounded(in EngineStep step) => EngineStretch.Of(
        step with { StartSeconds = Math.Round(step.StartSeconds, 9), DurationSeconds = Math.Round(step.DurationSeconds, 9) });

    internal static void Write(TableWriter table, RequestRecord request) => Cells(table, request).EndRow();

    internal static void WriteWithTraits(TableWriter table, RequestRecord request) =>
        Cells(table, request).Add(request.Priority).Add((long?)request.Adapter).EndRow();

    private static TableWriter Cells(TableWriter table, RequestRecord request) => table
        .Add(request.Id).Add(request.Class)
        .AddSeconds(request.ScheduledSeconds).AddSeconds(request.IssuedSeconds)
        .AddSeconds(request.FirstTokenSeconds).AddSeconds(request.CompletedSeconds)
        .Add((long?)request.InputTokensAsked).Add((long?)request.InputTokensCounted)
        .Add((long?)request.OutputTokensAsked).Add((long?)request.OutputTokensCounted)
        .Add(EnumText.Of(request.Status)).Add(request.Error).Add(request.ServerId)
        .AddSeconds(request.TbtP99Seconds).AddSeconds(request.TbtMaxSeconds)
        .Add(request.EnergyJoules).Add(request.PrefillEnergyJoules)
        .AddSeconds(request.ClientQueueSeconds).AddSeconds(request.LastTokenSeconds);

    internal static void Write(TableWriter table, TokenTime token) =>
        table.Add((long?)token.RequestId).Add((long?)token.Index).AddSeconds(token.Seconds).EndRow();

    internal static void Write(TableWriter table, PowerSample sample) =>
        table.Add(sample.Meter).AddSeconds(sample.Seconds).Add(sample.Watts).Add(sample.CumulativeJoules).EndRow();

    internal static void Write(TableWriter table, DeviceReading reading) =>
        table.Add(reading.Device).Add(reading.Quantity).AddSeconds(reading.Seconds).Add(reading.Value).EndRow();

    internal static void Write(TableWriter table, ServerMetric metric) =>
        table.Add(metric.Name).AddSeconds(metric.Seconds).Add(metric.Value).EndRow();

    internal static void Write(TableWriter table, EngineStretch stretch, bool followsRowBefore = false)
    {
        bool isOne = stretch.Count == 1;
        table
            .Add(followsRowBefore ? null : stretch.StartSeconds).Add(stretch.FirstSeconds)
            .Add((long?)stretch.PrefillTokens).Add((long?)stretch.DecodeSequences).Add((long?)stretch.ContextTokens)
            .Add(stretch.FirstJoules).Add(stretch.PrefillEnergyJoules).Add(stretch.ClockMegahertz)
            .Add(isOne ? null : (long?)stretch.Count)
            .Add(isOne ? null : stretch.ContextTokenSeconds)
            .Add(isOne || stretch.FirstJoules is null ? null : stretch.ContextTokenJoules)
            .EndRow();
    }

    internal static void WriteLags(TableWriter table, (string Name, LatencyHistogram Lags) lag)
    {
        foreach ((int bin, long count) in lag.Lags.Bins)
        {
            table.Add(lag.Name).Add((long?)bin).AddSeconds(LatencyHistogram.MiddleSeconds(bin)).Add((long?)count).EndRow();
        }
    }

    internal static void WriteGaps(TableWriter table, (string Class, LatencyHistogram Gaps) row)
    {
        (string requestClass, LatencyHistogram gaps) = row;
        foreach ((int bin, long count) in gaps.Bins)
        {
            table.Add(requestClass).Add((long?)bin).AddSeconds(LatencyHistogram.MiddleSeconds(bin)).Add((long?)count)
                .Add(gaps.BinSumSeconds(bin)).Add(gaps.BinSumSquareSeconds(bin)).EndRow();
        }
    }

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

    /// <summary>Checks the rows of a table one after the other and shows them to a visitor that keeps none of them.</summary>
    internal static Func<TableReader, bool> VisitorOf(RecordTable table, TableReader reader, Action<IRecordRow> visit)
    {
        return table.File switch
        {
            RunFiles.Requests => Checking(new RequestRows(reader).Check),
            RunFiles.Steps => Starting(new StretchRows(reader)),
            RunFiles.Power => Checking(row => _ = Power(row)),
            RunFiles.Device => Checking(row => _ = Device(row)),
            RunFiles.Server => Checking(row => _ = Server(row)),
            RunFiles.Actions => Checking(row => _ = ClusterRows.Action(row)),
            RunFiles.Cluster => Checking(row => _ = ClusterRows.Sample(row)),
            RunFiles.ClientLags => Checking(row => _ = ClientLag(row)),
            RunFiles.TokenGaps => Checking(row => _ = TokenGap(row)),
            _ => Checking(_ => { }),
        };

        Func<TableReader, bool> Starting(StretchRows stretches) => row =>
        {
            visit(new StartedRow(row, stretches.Read(row).StartSeconds));
            return true;
        };

        Func<TableReader, bool> Checking(Action<TableReader> check) => row =>
        {
            check(row);
            visit(row);
            return true;
        };
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
