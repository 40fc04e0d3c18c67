namespace GreenServe.Records.Tables;

/// <summary>Reads a table of several parts, one after the other. All parts have the same columns.</summary>
internal sealed class PartedTableReader : TableReader
{
    private readonly string path;
    private readonly bool toleratesBrokenLastRow;
    private readonly string[] names;
    private TableReader part;

    /// <summary>Reads a table whose first part is open.</summary>
    /// <param name="first">The first part. It is closed with this reader.</param>
    /// <param name="path">The CSV file of the table.</param>
    /// <param name="toleratesBrokenLastRow">Whether a broken last row of the last part is left out.</param>
    internal PartedTableReader(TableReader first, string path, bool toleratesBrokenLastRow)
    {
        this.path = path;
        this.toleratesBrokenLastRow = toleratesBrokenLastRow;
        part = first;
        names = [.. first.Columns];
    }

    internal override IReadOnlyCollection<string> Columns => names;

    protected override string File => part.Source;

    protected override int Place => part.RowNumber;

    internal override IEnumerable<T> Rows<T>(Func<TableReader, T> read)
    {
        for (int number = 2; true; number++)
        {
            foreach (T row in part.Rows(_ => read(this)))
            {
                yield return row;
            }

            if (OpenPart(TablePart.PathOf(path, number), toleratesBrokenLastRow) is not { } next)
            {
                yield break;
            }

            part.Dispose();
            part = next;
            RequireSameColumns();
        }
    }

    internal override int IndexOf(string column) => Array.IndexOf(names, column);

    internal override string? Text(int index) => part.Text(IndexInPart(index));

    internal override long? Whole(int index) => part.Whole(IndexInPart(index));

    internal override double? Number(int index) => part.Number(IndexInPart(index));

    protected override void Dispose(bool disposing) => part.Dispose();

    // Parts are written alike. One of another program may have its columns in another order.
    private int IndexInPart(int index) => index < 0 ? -1 : part.IndexOf(names[index]);

    private void RequireSameColumns()
    {
        if (part.Columns.Count > 0 && !part.Columns.Order(StringComparer.Ordinal).SequenceEqual(names.Order(StringComparer.Ordinal)))
        {
            throw Bad("columns", string.Join(", ", part.Columns), $"the columns of the first part: {string.Join(", ", names)}");
        }
    }
}
