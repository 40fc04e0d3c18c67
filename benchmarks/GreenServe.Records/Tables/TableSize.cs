namespace GreenServe.Records.Tables;

/// <summary>How large a table of a run record was when its run ended. A table that was cut since then is found by it.</summary>
/// <param name="Rows">Number of rows, without the header.</param>
/// <param name="Bytes">Length in bytes of the files that the run wrote.</param>
/// <param name="Files">Number of Parquet files, each with a part of the rows; 0 for a table that the run wrote as one CSV file.</param>
public sealed record TableSize(long Rows, long Bytes, int Files = 0)
{
    /// <summary>Every way in which a table has another size; empty if it has this one.</summary>
    /// <param name="path">Path of the table's CSV file.</param>
    internal IReadOnlyList<Problem> ProblemsOf(string path) => InvalidInputException.ProblemsOf(() =>
    {
        // A table that was turned into the other form since then has another length, and the same rows.
        if (File.Exists(path) == (Files == 0) && TablePart.BytesOf(path) is var bytes && bytes != Bytes)
        {
            return [new Problem("length", $"{bytes} bytes", $"the {Bytes} bytes that the run wrote", path)];
        }

        using TableReader? reader = TableReader.Open(path, [], toleratesBrokenLastRow: false);
        long? rows = reader?.CountRows();
        return rows == Rows ? [] : [new Problem("rows", rows, $"the {Rows} rows that the run wrote", path)];
    });
}
