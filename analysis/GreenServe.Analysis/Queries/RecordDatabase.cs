using DuckDB.NET.Data;
using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Tables;
using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Records.Tables;

namespace GreenServe.Analysis.Queries;

/// <summary>
/// Run records for SQL: a table <c>runs</c> with one row a run and every metric, and the tables of the records with a column <c>run</c>.
/// </summary>
/// <remarks>
/// Rows go through the readers that every command uses, so a damaged record is left out here too. The database itself reads no file.
/// </remarks>
public sealed class RecordDatabase : IDisposable
{
    private const int MemoryMegabytes = 2048;
    private readonly LockedDatabase database;
    private readonly HashSet<string> unreadable = [];
    private readonly List<Problem> problems;

    private RecordDatabase(LockedDatabase database, IEnumerable<Problem> problems)
    {
        this.database = database;
        this.problems = [.. problems];
    }

    /// <summary>The problems of records that could not be read. No table holds a row of theirs.</summary>
    public IReadOnlyList<Problem> Problems => problems;

    /// <summary>Loads the tables that a query names.</summary>
    /// <param name="folders">Folders with records, or folders above them.</param>
    /// <param name="query">The query; tables it does not mention are not read.</param>
    /// <param name="limit">Time a query may take.</param>
    /// <exception cref="InvalidInputException">A folder holds no record, or none of the records can be read.</exception>
    /// <exception cref="QueryException">The tables do not fit into the memory that is allowed.</exception>
    public static RecordDatabase Open(IReadOnlyList<string> folders, string query, TimeSpan limit)
    {
        RecordSearch search = RecordSearch.In(folders);
        RecordDatabase result = new(new LockedDatabase(MemoryMegabytes, Environment.ProcessorCount, limit), search.Problems);
        try
        {
            result.Load(search, query);
            return result;
        }
        catch
        {
            result.Dispose();
            throw;
        }
    }

    /// <summary>Runs one SELECT statement on the records.</summary>
    /// <param name="query">The query; one semicolon at its end is let pass.</param>
    /// <param name="maxRows">Rows to read at most; <c>null</c> for all.</param>
    /// <param name="read">Reads the rows, once and in order. They are not kept, so that an answer of any size fits into memory.</param>
    /// <exception cref="QueryException">It is no single SELECT, fails, or takes too long.</exception>
    public void Query(string query, int? maxRows, Action<ResultReading> read) =>
        database.Query(query.TrimEnd().TrimEnd(';'), maxRows, read);

    /// <inheritdoc />
    public void Dispose() => database.Dispose();

    private static bool Mentions(string query, string table) => query.Contains(table, StringComparison.OrdinalIgnoreCase);

    /// <summary>Names of runs: the last folder, with as many folders above it as it takes to tell them apart.</summary>
    private static string[] NamesOf(string[] folders)
    {
        string[][] parts = [.. folders.Select(folder => folder.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))];
        for (int depth = 1; ; depth++)
        {
            string[] names = [.. parts.Select(part => string.Join('/', part.TakeLast(depth)))];
            if (names.Distinct().Count() == names.Length || depth >= parts.Max(part => part.Length))
            {
                return names;
            }
        }
    }

    private void Load(RecordSearch search, string query)
    {
        string[] names = NamesOf([.. search.Folders.Select(Path.GetFullPath)]);
        RecordSearch none = new([], []);
        LoadRuns(Mentions(query, RunsTable.Name) ? search : none, names);
        foreach (RecordTable table in RecordTable.All)
        {
            Load(table, Mentions(query, table.Name) ? search : none, names);
        }

        if (unreadable.Count > 0 && unreadable.Count == names.Length)
        {
            throw new InvalidInputException(problems);
        }

        foreach (string table in RecordTable.All.Select(table => table.Name).Prepend(RunsTable.Name))
        {
            database.Delete(table, StandardColumns.Run.Name, unreadable);
        }
    }

    private void LoadRuns(RecordSearch search, string[] names)
    {
        // Without records the columns are still there: DESCRIBE and a helpful "no such column" need them.
        List<NamedRun> runs = [];
        if (search.Folders.Count > 0)
        {
            RecordBatch<ExperimentRun> batch = ExperimentRun.ReadBatch(search with { Problems = [] });
            Dictionary<string, string> nameOf = search.Folders.Zip(names).ToDictionary(pair => pair.First, pair => pair.Second);
            runs.AddRange(batch.Items.Select(run => new NamedRun(nameOf[run.Folder], run)));
            unreadable.UnionWith(batch.Unreadable.Select(folder => nameOf[folder]));
            problems.AddRange(batch.Problems);
        }

        database.Load(RunsTable.Name, RunsTable.Of(runs));
    }

    private void Load(RecordTable table, RecordSearch search, string[] names)
    {
        IEnumerable<(string, string)> columns = table.Columns.Select(column => (
            column.Name, column.Kind switch { ColumnKind.Text => "VARCHAR", ColumnKind.Whole => "BIGINT", _ => "DOUBLE" }));
        database.Load(table.Name, columns.Prepend((StandardColumns.Run.Name, "VARCHAR")), appender =>
        {
            Cell[] cells = new Cell[table.Columns.Count];
            foreach ((int index, string folder) in search.Folders.Index().Where(pair => !unreadable.Contains(names[pair.Index])))
            {
                try
                {
                    RunRecord.Read(folder).ForEachRow(table, row => Append(appender, table, names[index], row, cells));
                }
                catch (InvalidInputException exception)
                {
                    // The rows before the damaged one are deleted when all tables are loaded.
                    unreadable.Add(names[index]);
                    problems.AddRange(exception.Problems);
                }
            }
        });
    }

    private static void Append(DuckDBAppender appender, RecordTable table, string run, IRecordRow row, Cell[] cells)
    {
        // All cells are read before the first is appended: a damaged cell must not leave half a row behind.
        for (int index = 0; index < cells.Length; index++)
        {
            RecordColumn column = table.Columns[index];
            cells[index] = column.Kind switch
            {
                ColumnKind.Text => new Cell(row.Text(column.Name), null, null),
                ColumnKind.Whole => new Cell(null, row.Whole(column.Name), null),
                _ => new Cell(null, null, row.Number(column.Name)),
            };
        }

        IDuckDBAppenderRow target = appender.CreateRow().AppendValue(run);
        for (int index = 0; index < cells.Length; index++)
        {
            _ = table.Columns[index].Kind switch
            {
                ColumnKind.Text => target.AppendValue(cells[index].Text),
                ColumnKind.Whole => target.AppendValue(cells[index].Whole),
                _ => target.AppendValue(cells[index].Number),
            };
        }

        target.EndRow();
    }

    /// <summary>One cell of a row, in the member of its column's kind.</summary>
    private readonly record struct Cell(string? Text, long? Whole, double? Number);
}
