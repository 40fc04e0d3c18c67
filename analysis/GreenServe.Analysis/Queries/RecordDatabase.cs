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
/// Rows go through the readers that every command uses, so a damaged record is refused here too. The database itself reads no file.
/// </remarks>
public sealed class RecordDatabase : IDisposable
{
    private const int MemoryMegabytes = 2048;
    private readonly LockedDatabase database;

    private RecordDatabase(LockedDatabase database) => this.database = database;

    /// <summary>Loads the tables that a query names.</summary>
    /// <param name="folders">Folders with records, or folders above them.</param>
    /// <param name="query">The query; tables it does not mention are not read.</param>
    /// <param name="limit">Time a query may take.</param>
    /// <exception cref="InvalidInputException">A record is damaged.</exception>
    public static RecordDatabase Open(IReadOnlyList<string> folders, string query, TimeSpan limit)
    {
        string[] found = [.. RunRecord.Find(folders).Select(Path.GetFullPath).Distinct()];
        string[] names = NamesOf(found);
        RecordDatabase result = new(new LockedDatabase(MemoryMegabytes, Environment.ProcessorCount, limit));
        try
        {
            result.LoadRuns(Mentions(query, RunsTable.Name) ? found : [], names);
            foreach (RecordTable table in RecordTable.All)
            {
                result.Load(table, Mentions(query, table.Name) ? found : [], names);
            }

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
    /// <exception cref="QueryException">It is no single SELECT, fails, or takes too long.</exception>
    public ResultRows Query(string query, int? maxRows) => database.Query(query.TrimEnd().TrimEnd(';'), maxRows);

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

    private void LoadRuns(string[] folders, string[] names)
    {
        // Without records the columns are still there: DESCRIBE and a helpful "no such column" need them.
        IEnumerable<NamedRun> runs = ExperimentRun.ReadEach(folders).Zip(names, (run, name) => new NamedRun(name, run));
        database.Load(RunsTable.Name, RunsTable.Of(runs));
    }

    private void Load(RecordTable table, string[] folders, string[] names)
    {
        IEnumerable<(string, string)> columns = table.Columns.Select(column => (
            column.Name, column.Kind switch { ColumnKind.Text => "VARCHAR", ColumnKind.Whole => "BIGINT", _ => "DOUBLE" }));
        database.Load(table.Name, columns.Prepend((StandardColumns.Run.Name, "VARCHAR")), appender =>
        {
            foreach ((int index, string folder) in folders.Index())
            {
                RunRecord.Read(folder).ForEachRow(table, row => Append(appender, table, names[index], row));
            }
        });
    }

    private static void Append(DuckDBAppender appender, RecordTable table, string run, IRecordRow row)
    {
        IDuckDBAppenderRow target = appender.CreateRow().AppendValue(run);
        foreach (RecordColumn column in table.Columns)
        {
            _ = column.Kind switch
            {
                ColumnKind.Text => target.AppendValue(row.Text(column.Name)),
                ColumnKind.Whole => target.AppendValue(row.Whole(column.Name)),
                _ => target.AppendValue(row.Number(column.Name)),
            };
        }

        target.EndRow();
    }
}
