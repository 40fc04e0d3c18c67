using GreenServe.Analysis.Queries;
using GreenServe.Analysis.Tables;

namespace GreenServe.Analysis.Claims;

/// <summary>Result tables for the queries of claims. Claim files come from anyone, so it is a <see cref="LockedDatabase"/>.</summary>
internal sealed class ClaimDatabase : IDisposable
{
    private const int MemoryMegabytes = 512;
    private static readonly TimeSpan QueryLimit = TimeSpan.FromSeconds(10);
    private readonly LockedDatabase database = new(MemoryMegabytes, threads: 1, QueryLimit);

    /// <summary>Loads tables under their names, hyphens turned to underscores.</summary>
    public ClaimDatabase(IEnumerable<ResultTable> tables)
    {
        foreach (ResultTable table in tables)
        {
            database.Load(NameOf(table.Name), table);
        }
    }

    /// <summary>Name of a table inside the database.</summary>
    public static string NameOf(string table) => table.Replace('-', '_');

    /// <summary>Runs one SELECT statement on the artifacts.</summary>
    /// <param name="query">The query.</param>
    /// <param name="maxRows">Rows to read at most.</param>
    /// <exception cref="QueryException">It is no single SELECT, fails, or takes too long.</exception>
    public ResultRows Query(string query, int maxRows) => database.Query(query, maxRows);

    /// <inheritdoc />
    public void Dispose() => database.Dispose();
}
