using System.Text;
using System.Text.Json;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Metrics;
using GreenServe.Records;
using GreenServe.Records.Documents;

namespace GreenServe.Analysis.Comparison.History;

/// <summary>Reads and writes a history of runs, a file with one JSON line for each run.</summary>
/// <remarks>Lines are only ever added, so that branches merge by keeping the lines of both.</remarks>
public static class HistoryFile
{
    /// <summary>Adds runs to the end of a history file. A missing file is created.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="runs">The runs to add.</param>
    /// <param name="label">What was run, for example a commit.</param>
    /// <param name="now">Time stamp of the lines.</param>
    /// <exception cref="InvalidInputException">The file cannot be written.</exception>
    public static void Append(string path, IReadOnlyList<ExperimentRun> runs, string label, DateTimeOffset now)
    {
        StringBuilder lines = new();
        foreach (HistoryEntry entry in EntriesOf(runs, label, now))
        {
            lines.Append(JsonSerializer.Serialize(entry, DocumentContract.Options)).Append('\n');
        }

        try
        {
            // Whole lines go out in one write: two writers may interleave lines, never halves of lines.
            byte[] bytes = Encoding.UTF8.GetBytes(lines.ToString());
            using FileStream file = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
            bool endsOpen = EndsInsideALine(file);
            Append(file, endsOpen ? [(byte)'\n', .. bytes] : bytes);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(new Problem("history", exception.Message, "a file that can be written", path));
        }
    }

    /// <summary>Reads a history file. Broken lines are skipped and named, and equal lines count once.</summary>
    /// <param name="path">Path of the file.</param>
    /// <exception cref="InvalidInputException">The file is missing.</exception>
    public static HistoryContent Read(string path)
    {
        List<HistoryEntry> entries = [];
        List<Problem> skipped = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach ((int index, string line) in InputFile.ReadLines(path).Index())
        {
            if (line.Trim().Length == 0 || !seen.Add(line))
            {
                continue;
            }

            try
            {
                entries.Add(EntryOf(line, path, index + 1));
            }
            catch (InvalidInputException exception)
            {
                Problem first = exception.Problems[0];
                string found = $"{first.Place}: {first.Found ?? "nothing"}";
                skipped.Add(new Problem("line", found, "a history entry; the line was skipped", path, index + 1));
            }
        }

        return new HistoryContent([.. entries.OrderBy(entry => entry.AddedAt)], skipped);
    }

    /// <summary>Makes history entries of runs, one for each run in the same order.</summary>
    /// <param name="runs">The runs.</param>
    /// <param name="label">What was run, for example a commit.</param>
    /// <param name="now">Time stamp of the entries.</param>
    public static IReadOnlyList<HistoryEntry> EntriesOf(IReadOnlyList<ExperimentRun> runs, string label, DateTimeOffset now) =>
        [.. runs.Select(run => EntryOf(run, label, now))];

    /// <summary>The entry of a line.</summary>
    /// <exception cref="InvalidInputException">The line is no entry, or one of a newer version.</exception>
    private static HistoryEntry EntryOf(string line, string path, int number)
    {
        DocumentTree document = DocumentTree.ParseJson(line, path);
        HistoryEntry entry = document.BindWritten<HistoryEntry>();
        return entry.SchemaVersion is >= 1 and <= HistoryEntry.CurrentSchemaVersion
            ? entry
            : throw new InvalidInputException(new Problem(
                "$.schema_version", entry.SchemaVersion, $"1 to {HistoryEntry.CurrentSchemaVersion}", path, number));
    }

    private static HistoryEntry EntryOf(ExperimentRun run, string label, DateTimeOffset now) => new()
    {
        AddedAt = now.ToUniversalTime(),
        Label = label,
        Series = RunSeries.NameOf(run),
        Seed = run.Metrics.Manifest.Seed,
        IsValid = run.Metrics.IsValid,
        Metrics = MetricCatalog.For(run.Metrics).Select(metric => (metric.Name, metric.Read(run.Metrics).Value))
            .Where(pair => pair.Value is not null).ToDictionary(pair => pair.Name, pair => pair.Value!.Value),
    };

    /// <summary>Writes at the end of a file. If the disk fills up on the way, the file is cut back to what it was.</summary>
    private static void Append(FileStream file, byte[] bytes)
    {
        long before = file.Seek(0, SeekOrigin.End);
        try
        {
            file.Write(bytes);
        }
        catch (IOException)
        {
            file.SetLength(before);
            throw;
        }
    }

    private static bool EndsInsideALine(FileStream file)
    {
        if (file.Length == 0)
        {
            return false;
        }

        file.Seek(-1, SeekOrigin.End);
        return file.ReadByte() != '\n';
    }
}

/// <summary>The content of a history file.</summary>
/// <param name="Entries">The runs in the order of time.</param>
/// <param name="Skipped">The lines that could not be read, each with its number.</param>
public sealed record HistoryContent(IReadOnlyList<HistoryEntry> Entries, IReadOnlyList<Problem> Skipped);
