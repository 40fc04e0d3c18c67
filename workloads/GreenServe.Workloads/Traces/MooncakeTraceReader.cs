using System.Text.Json;

namespace GreenServe.Workloads.Traces;

/// <summary>Reads traces in Mooncake's format of JSON lines row by row.</summary>
internal static class MooncakeTraceReader
{
    /// <summary>Every row that can be read. The others are added to <paramref name="problems"/>.</summary>
    internal static IEnumerable<TraceRow> Rows(TextReader text, TraceProblems problems)
    {
        List<int> blankLines = [];
        int line = 0;
        while (text.ReadLine() is { } json)
        {
            line++;
            if (string.IsNullOrWhiteSpace(json))
            {
                blankLines.Add(line);
                continue;
            }

            foreach (int blank in blankLines)
            {
                problems.Add("row", "an empty row", "a JSON object", blank);
            }

            blankLines.Clear();
            if (ReadRow(json, line, problems) is { } row)
            {
                yield return row;
            }
        }
    }

    private static TraceRow? ReadRow(string json, int line, TraceProblems problems)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                problems.Add("row", document.RootElement.ValueKind, "a JSON object", line);
                return null;
            }

            long? ticks = Timestamp(document.RootElement, line, problems);
            long? input = Tokens(document.RootElement, "input_length", line, problems);
            long? output = Tokens(document.RootElement, "output_length", line, problems);
            return ticks is null || input is null || output is null ? null : new TraceRow(line, ticks.Value, input.Value, output.Value);
        }
        catch (JsonException exception)
        {
            problems.Add("row", exception.Message, "a JSON object on one line", line);
            return null;
        }
    }

    private static long? Timestamp(JsonElement row, int line, TraceProblems problems)
    {
        string? text = row.TryGetProperty("timestamp", out JsonElement value) ? value.GetRawText() : null;
        long? ticks = text is null ? null : TraceColumns.ScaledToTicks(text, TimeSpan.TicksPerMillisecond);
        if (ticks is null)
        {
            problems.Add("timestamp", text, "milliseconds, a number of at least 0", line);
        }

        return ticks;
    }

    private static long? Tokens(JsonElement row, string name, int line, TraceProblems problems)
    {
        string? text = row.TryGetProperty(name, out JsonElement value) ? value.GetRawText() : null;
        if (TraceFile.TryReadTokens(text, out long tokens))
        {
            return tokens;
        }

        problems.Add(name, text, TraceFile.TokensAllowed, line);
        return null;
    }
}
