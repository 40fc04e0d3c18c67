using GreenServe.Records.Measurements;
using GreenServe.Records.Tables;

namespace GreenServe.Records.Runs;

/// <summary>
/// The steps that a server on this host logs while it serves. The columns are those of <c>steps.csv</c>, but times are readings of
/// the monotonic clock that all processes of a host share, since the server knows no run. The reader subtracts the start of its
/// run.
/// </summary>
public sealed class EngineStepFile : IDisposable
{
    private static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(1);
    private readonly CsvTableWriter table;
    private readonly TimeProvider clock;
    private long lastFlush;

    /// <summary>Creates the file, replacing one that exists.</summary>
    /// <exception cref="InvalidInputException">The file cannot be written.</exception>
    /// <exception cref="UnavailableException">The disk is full or read-only.</exception>
    public EngineStepFile(string path, TimeProvider clock)
    {
        this.clock = clock;
        lastFlush = clock.GetTimestamp();
        try
        {
            table = new CsvTableWriter(path, RecordTable.Steps.Columns, FileMode.Create);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw WriteFailure.ToOpen(exception, "step log", "a file that can be written", path);
        }
    }

    /// <summary>
    /// Adds a step. A row reaches the disk within a second of the next step, on <see cref="Flush"/>, and when the file is closed.
    /// </summary>
    public void Add(EngineStep step)
    {
        RunRows.Write(table, RunRows.Rounded(step));
        if (clock.GetElapsedTime(lastFlush) >= FlushInterval)
        {
            Flush();
        }
    }

    /// <summary>Writes all rows that were added to the disk.</summary>
    /// <exception cref="UnavailableException">The disk is full: steps are lost.</exception>
    public void Flush()
    {
        lastFlush = clock.GetTimestamp();
        table.Flush();
        if (table.Failure is { } failure)
        {
            throw new UnavailableException(failure.Message);
        }
    }

    /// <inheritdoc />
    public void Dispose() => table.Dispose();

    /// <summary>
    /// Reads the steps that lie within a run; their times are offsets from its start. A broken last row is left out.
    /// </summary>
    /// <param name="path">A file that a server wrote.</param>
    /// <param name="run">The clock of the run.</param>
    /// <exception cref="InvalidInputException">The file is missing or no file of engine steps.</exception>
    public static IEnumerable<EngineStep> Read(string path, RunClock run)
    {
        double start = run.StartTimestamp / (double)run.Provider.TimestampFrequency;
        using TableReader reader = TableReader.Open(path, RunFiles.RequiredStepColumns, toleratesBrokenLastRow: true)
            ?? throw new InvalidInputException(new Problem("steps", null, "an existing file", path));
        foreach (EngineStep step in reader.Rows(new StretchRows(reader).Read)
            .Select(one => one.Step(0)).Where(step => step.StartSeconds >= start))
        {
            yield return step with { StartSeconds = step.StartSeconds - start };
        }
    }
}
