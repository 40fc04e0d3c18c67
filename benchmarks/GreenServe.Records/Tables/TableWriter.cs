namespace GreenServe.Records.Tables;

/// <summary>
/// Writes one table of a record, cell by cell in the order of its columns. It hides whether the file is CSV or Parquet. Not thread-safe.
/// </summary>
/// <remarks>Adding a cell or a row never fails: where the disk does, <see cref="Failure"/> says so, and later rows are dropped.</remarks>
internal abstract class TableWriter : IDisposable
{
    /// <summary>Why the table can no longer be written; <c>null</c> while it can.</summary>
    internal abstract UnavailableException? Failure { get; }

    /// <summary>Adds a text; <c>null</c> for an absent cell.</summary>
    internal abstract TableWriter Add(string? text);

    /// <summary>Adds a whole number; <c>null</c> for an absent cell.</summary>
    internal abstract TableWriter Add(long? value);

    /// <summary>Adds a finite number with all its digits; <c>null</c> for an absent cell.</summary>
    internal abstract TableWriter Add(double? value);

    /// <summary>
    /// Adds a time (s), rounded to the nanosecond, which is finer than any clock of a record; <c>null</c> for an absent cell.
    /// </summary>
    internal abstract TableWriter AddSeconds(double? seconds);

    /// <summary>Ends the row.</summary>
    internal abstract void EndRow();

    /// <summary>
    /// Hands the rows that must outlive this process to the operating system. It throws nothing where the disk fails:
    /// <see cref="Failure"/> says so.
    /// </summary>
    internal abstract void Flush();

    /// <summary>Writes what is left, closes the files and gives them their final names.</summary>
    /// <returns>How large the table is.</returns>
    internal abstract TableSize Complete();

    /// <summary>Closes the files of a table that may be incomplete. Rows that were handed over stay.</summary>
    public abstract void Dispose();
}
