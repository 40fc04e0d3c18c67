using System.Globalization;
using DuckDB.NET.Data;
using GreenServe.Analysis.Tables;

namespace GreenServe.Analysis.Claims;

/// <summary>Tables in a locked-down in-memory database: no files, no network, no extensions, bounded memory and time.</summary>
/// <remarks>Claim files come from anyone; a query can read the tables it was given and nothing else.</remarks>
public sealed class ClaimDatabase : IDisposable
{
    private const string LockedDown = "Data Source=:memory:;enable_external_access=false;autoload_known_extensions=false;"
        + "autoinstall_known_extensions=false;threads=1;memory_limit=512MB";

    private static readonly TimeSpan QueryLimit = TimeSpan.FromSeconds(10);
    private readonly DuckDBConnection connection;

    /// <summary>Loads tables under their names, hyphens turned to underscores.</summary>
    public ClaimDatabase(IEnumerable<ResultTable> tables)
    {
        connection = new DuckDBConnection(LockedDown);
        connection.Open();
        foreach (ResultTable table in tables)
        {
            Load(table);
        }

        Execute("SET lock_configuration=true");
    }

    /// <summary>Name of a table inside the database.</summary>
    public static string NameOf(string table) => table.Replace('-', '_');

    /// <summary>Runs one SELECT.</summary>
    /// <param name="query">The query.</param>
    /// <param name="mostRows">Rows to read at most.</param>
    /// <exception cref="ClaimQueryException">It is no single SELECT, fails, or takes too long.</exception>
    public ResultRows Query(string query, int mostRows)
    {
        if (query.Contains(';', StringComparison.Ordinal))
        {
            throw new ClaimQueryException("a query is one SELECT without a semicolon");
        }

        try
        {
            using DuckDBCommand command = connection.CreateCommand();

            // As a subquery it can only read. The line break ends a comment in the last line.
            command.CommandText = $"SELECT * FROM (\n{query}\n) LIMIT {mostRows.ToString(CultureInfo.InvariantCulture)}";
            using Timer limit = new(_ => command.Cancel(), null, QueryLimit, Timeout.InfiniteTimeSpan);
            using DuckDBDataReader reader = command.ExecuteReader();
            string[] columns = [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)];
            List<object?[]> rows = [];
            while (reader.Read())
            {
                rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(index => reader.IsDBNull(index) ? null : reader.GetValue(index))]);
            }

            return new ResultRows(columns, rows);
        }
        catch (DuckDBException exception)
        {
            throw new ClaimQueryException(exception.Message.Split('\n')[0]);
        }
        catch (OperationCanceledException)
        {
            throw new ClaimQueryException($"the query took longer than {QueryLimit.TotalSeconds} s");
        }
    }

    /// <inheritdoc />
    public void Dispose() => connection.Dispose();

    private void Load(ResultTable table)
    {
        string name = NameOf(table.Name);
        IEnumerable<string> columns = table.Columns.Select(column => $"{Quote(column.Name)} {(column.IsText ? "VARCHAR" : "DOUBLE")}");
        Execute($"CREATE TABLE {Quote(name)} ({string.Join(", ", columns)})");
        using DuckDBAppender appender = connection.CreateAppender(name);
        for (int row = 0; row < table.Rows.Count; row++)
        {
            IDuckDBAppenderRow target = appender.CreateRow();
            foreach (ResultColumn column in table.Columns)
            {
                _ = column.IsText ? target.AppendValue(table.Text(row, column.Name)) : target.AppendValue(table.Number(row, column.Name));
            }

            target.EndRow();
        }
    }

    private void Execute(string statement)
    {
        using DuckDBCommand command = connection.CreateCommand();
        command.CommandText = statement;
        _ = command.ExecuteNonQuery();
    }

    private static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
