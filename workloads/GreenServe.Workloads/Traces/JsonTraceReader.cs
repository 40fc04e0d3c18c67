using System.Text.Json;
using GreenServe.Records.Documents;

namespace GreenServe.Workloads.Traces;

/// <summary>Reads traces of JSON lines row by row: those of Mooncake, Bailian and GuideLLM.</summary>
internal sealed class JsonTraceReader
{
    /// <summary>Lines from which the dialect is found. Bailian marks every line, and fractions of a second are frequent.</summary>
    private const int LinesForDialect = 1000;
    private readonly IEnumerator<string> lines;
    private readonly RowProblems problems;
    private readonly Queue<string> head = [];
    private readonly Dictionary<string, int> hashIds = [];

    /// <summary>Reads the first lines of a file and finds its dialect.</summary>
    /// <param name="text">The file.</param>
    /// <param name="format">The stated format; automatic finds it from the first lines.</param>
    /// <param name="problems">Receives the rows that cannot be read.</param>
    internal JsonTraceReader(TextReader text, TraceFormat format, RowProblems problems)
    {
        lines = InputFile.Lines(text, problems.File).GetEnumerator();
        this.problems = problems;
        while (head.Count < LinesForDialect && Next() is { } line)
        {
            head.Enqueue(line);
        }

        Dialect = JsonTraceDialect.Of(format) ?? JsonTraceDialect.Detect(head);
    }

    private string? Next() => lines.MoveNext() ? lines.Current : null;

    /// <summary>The dialect of the file.</summary>
    internal JsonTraceDialect Dialect { get; }

    /// <summary>Whether any row names the chat that it continues.</summary>
    internal bool HasChats { get; private set; }

    /// <summary>Every row that can be read. The others are added to the problems.</summary>
    internal IEnumerable<TraceRow> Rows()
    {
        List<int> blankLines = [];
        int line = 0;
        while ((head.TryDequeue(out string? kept) ? kept : Next()) is { } json)
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
            if (ReadRow(json, line) is { } row)
            {
                yield return row;
            }
        }
    }

    private TraceRow? ReadRow(string json, int line)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                problems.Add("row", root.ValueKind, "a JSON object", line);
                return null;
            }

            long? ticks = Timestamp(root, line);
            long? input = Tokens(root, "input_length", line);
            long? output = Tokens(root, "output_length", line);
            int[]? blocks = HashIds(root, line);
            HasChats |= root.TryGetProperty("parent_chat_id", out JsonElement parent) && parent.TryGetDecimal(out decimal id) && id >= 0;
            return ticks is null || input is null || output is null
                ? null
                : new TraceRow(line, ticks.Value, input.Value, output.Value) { HashIds = blocks };
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            problems.Add("row", "text that is no JSON object", "a JSON object on one line", line);
            return null;
        }
    }

    private long? Timestamp(JsonElement row, int line)
    {
        string? found = row.TryGetProperty("timestamp", out JsonElement value) ? value.GetRawText() : null;
        long? ticks = found is null ? null : TraceColumns.ScaledToTicks(found, Dialect.TicksPerUnit);
        if (ticks is null || (Dialect.IsAssumed && ticks % (long)Dialect.TicksPerUnit != 0))
        {
            problems.Add("timestamp", found, Dialect.TimestampAllowed, line);
            return null;
        }

        return ticks;
    }

    private long? Tokens(JsonElement row, string name, int line)
    {
        string? found = row.TryGetProperty(name, out JsonElement value) ? value.GetRawText() : null;
        if (TraceFile.TryReadTokens(found, out long tokens))
        {
            return tokens;
        }

        problems.Add(name, found, TraceFile.TokensAllowed, line);
        return null;
    }

    /// <summary>The hashes of a row, renumbered in order of appearance; <c>null</c> for a row without hashes.</summary>
    private int[]? HashIds(JsonElement row, int line)
    {
        if (!row.TryGetProperty("hash_ids", out JsonElement value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Array
            || value.EnumerateArray().Any(id => id.ValueKind is not (JsonValueKind.Number or JsonValueKind.String)))
        {
            problems.Add("hash_ids", value.ValueKind, "a list of numbers or texts", line);
            return null;
        }

        return [.. value.EnumerateArray().Select(id => NumberOf(id.GetRawText()))];
    }

    private int NumberOf(string hash)
    {
        if (!hashIds.TryGetValue(hash, out int number))
        {
            hashIds[hash] = number = hashIds.Count;
        }

        return number;
    }
}
