using System.Globalization;
using DuckDB.NET.Data;
using GreenServe.Analysis.Tables;

namespace GreenServe.Analysis.Queries;

/// <summary>A locked-down in-memory database: no files, no network, no extensions, bounded memory and time.</summary>
/// <remarks>
/// Queries come from anyone. They can read the tables that were loaded and nothing else, and they cannot change its settings.
/// </remarks>
internal sealed class LockedDatabase : IDisposable
{
    private readonly DuckDBConnection connection;
    private readonly TimeSpan limit;
    private readonly TimeProvider clock;
    private readonly int memoryMegabytes;

    /// <summary>Opens an empty database.</summary>
    /// <param name="memoryMegabytes">Memory that loading and queries may use (MB).</param>
    /// <param name="threads">Cores a query may use.</param>
    /// <param name="limit">Time a query may take.</param>
    /// <param name="clock">What measures that time; <c>null</c> for the system's clock.</param>
    public LockedDatabase(int memoryMegabytes, int threads, TimeSpan limit, TimeProvider? clock = null)
    {
        this.limit = limit;
        this.memoryMegabytes = memoryMegabytes;
        this.clock = clock ?? TimeProvider.System;
        connection = new DuckDBConnection(string.Create(
            CultureInfo.InvariantCulture,
            $"Data Source=:memory:;enable_external_access=false;autoload_known_extensions=false;autoinstall_known_extensions=false;"
            + $"threads={threads};memory_limit={memoryMegabytes}MB"));
        connection.Open();
        Execute("SET lock_configuration=true");
    }

    /// <summary>Makes a table and fills it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="columns">Its columns with their DuckDB types.</param>
    /// <param name="fill">Appends the rows.</param>
    public void Load(string name, IEnumerable<(string Name, string Type)> columns, Action<DuckDBAppender> fill)
    {
        Execute($"CREATE TABLE {Quote(name)} ({string.Join(", ", columns.Select(column => $"{Quote(column.Name)} {column.Type}"))})");
        try
        {
            using DuckDBAppender appender = connection.CreateAppender(name);
            fill(appender);
        }
        catch (DuckDBException exception)
        {
            // What does not fit would go to files, and those are locked.
            string message = exception.Message.Split('\n')[0];
            bool isFull = message.Contains("memory", StringComparison.OrdinalIgnoreCase)
                || message.Contains(".tmp", StringComparison.Ordinal);
            throw new QueryException(isFull
                ? $"rows of the table {name} that need more than the {memoryMegabytes} MB of the database; name fewer records"
                : message);
        }
    }

    /// <summary>Deletes the rows of a table that have one of some texts in a column.</summary>
    /// <param name="table">Name of the table.</param>
    /// <param name="column">Name of the column.</param>
    /// <param name="texts">The texts; none for no row.</param>
    public void Delete(string table, string column, IReadOnlyCollection<string> texts)
    {
        if (texts.Count > 0)
        {
            IEnumerable<string> quoted = texts.Select(text => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'");
            Execute($"DELETE FROM {Quote(table)} WHERE {Quote(column)} IN ({string.Join(", ", quoted)})");
        }
    }

    /// <summary>Makes a table with the columns and rows of a result table.</summary>
    /// <param name="name">Its name in the database.</param>
    /// <param name="table">The result table.</param>
    public void Load(string name, ResultTable table) => Load(
        name,
        table.Columns.Select(column => (column.Name, column is TextColumn ? "VARCHAR" : "DOUBLE")),
        appender =>
        {
            foreach (TableRow row in table.Rows)
            {
                IDuckDBAppenderRow target = appender.CreateRow();
                foreach (Column column in table.Columns)
                {
                    _ = column is NumberColumn number ? target.AppendValue(row[number]) : target.AppendValue(row.Text(column));
                }

                target.EndRow();
            }
        });

    /// <summary>Runs one SELECT statement and keeps its rows.</summary>
    /// <param name="query">The query.</param>
    /// <param name="maxRows">Rows to read at most.</param>
    /// <exception cref="QueryException">It is no single SELECT, fails, or takes too long.</exception>
    public ResultRows Query(string query, int maxRows)
    {
        ResultRows? found = null;
        Query(query, maxRows, stream => found = new ResultRows(stream.Columns, [.. stream.Rows]));
        return found!;
    }

    /// <summary>Runs one SELECT statement. The rows are read while the database finds them, and are not kept.</summary>
    /// <param name="query">The query.</param>
    /// <param name="maxRows">Rows to read at most; <c>null</c> for all.</param>
    /// <param name="read">Reads the rows, once and in order.</param>
    /// <exception cref="QueryException">It is no single SELECT, fails, or takes too long.</exception>
    public void Query(string query, int? maxRows, Action<ResultReading> read)
    {
        if (HasSemicolon(query))
        {
            throw new QueryException("a query is one SELECT without a semicolon");
        }

        long start = clock.GetTimestamp();
        try
        {
            using DuckDBCommand command = connection.CreateCommand();
            command.UseStreamingMode = true;

            // As a subquery it can only read. The line break ends a comment in the last line.
            string limited = maxRows is { } rows ? string.Create(CultureInfo.InvariantCulture, $" LIMIT {rows}") : "";
            command.CommandText = $"SELECT * FROM (\n{query}\n){limited}";
            using ITimer timer = clock.CreateTimer(_ => Cancel(command), null, limit, Timeout.InfiniteTimeSpan);
            using DuckDBDataReader reader = command.ExecuteReader();
            string[] columns = [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)];
            read(new ResultReading(columns, RowsOf(reader, start)));
        }
        catch (DuckDBException exception)
        {
            throw clock.GetElapsedTime(start) >= limit ? TooLong() : new QueryException(exception.Message.Split('\n')[0]);
        }
        catch (OperationCanceledException)
        {
            throw TooLong();
        }
    }

    private static void Cancel(DuckDBCommand command)
    {
        try
        {
            command.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The query ended in the moment in which its time was over.
        }
    }

    /// <inheritdoc />
    public void Dispose() => connection.Dispose();

    private void Execute(string statement)
    {
        using DuckDBCommand command = connection.CreateCommand();
        command.CommandText = statement;
        _ = command.ExecuteNonQuery();
    }

    private IEnumerable<IReadOnlyList<object?>> RowsOf(DuckDBDataReader reader, long start)
    {
        while (reader.Read())
        {
            // Whoever takes the rows may be slow, and the database cannot be cancelled while it waits.
            if (clock.GetElapsedTime(start) >= limit)
            {
                throw TooLong();
            }

            yield return [.. Enumerable.Range(0, reader.FieldCount)
                .Select(index => reader.IsDBNull(index) ? null : reader.GetValue(index))];
        }
    }

    private QueryException TooLong() => new($"the query took longer than {limit.TotalSeconds} s");

    /// <summary>
    /// Whether a query has a semicolon that is not plainly inside quotes. After a comment, a dollar quote or a text with escapes this
    /// scanner no longer knows what is quoted, and counts every semicolon.
    /// </summary>
    private static bool HasSemicolon(string query)
    {
        char quote = '\0';
        for (int index = 0; index < query.Length; index++)
        {
            char letter = query[index];
            if (quote != '\0')
            {
                quote = letter == quote ? '\0' : quote;
            }
            else if (letter == '"' || (letter == '\'' && !IsEscaped(query, index)))
            {
                quote = letter;
            }
            else if (letter is ';' or '$' or '\'' || query.AsSpan(index) is ['-', '-', ..] or ['/', '*', ..])
            {
                return query.AsSpan(index).Contains(';');
            }
        }

        return false;
    }

    /// <summary>Whether the quote at an index opens a text with escapes, as in <c>E'\n'</c>.</summary>
    private static bool IsEscaped(string query, int index) => index > 0 && query[index - 1] is 'e' or 'E';

    private static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}

/// <summary>The result of a query.</summary>
/// <param name="Columns">Column names.</param>
/// <param name="Rows">Rows of values as the database gives them; <c>null</c> for absent.</param>
public sealed record ResultRows(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<object?>> Rows);

/// <summary>The result of a query while it is read.</summary>
/// <param name="Columns">Column names.</param>
/// <param name="Rows">Rows of values as the database gives them, to be read once; <c>null</c> for absent.</param>
public sealed record ResultReading(IReadOnlyList<string> Columns, IEnumerable<IReadOnlyList<object?>> Rows);

/// <summary>A query that cannot be answered.</summary>
/// <param name="message">Why, in one line.</param>
public sealed class QueryException(string message) : Exception(message);
