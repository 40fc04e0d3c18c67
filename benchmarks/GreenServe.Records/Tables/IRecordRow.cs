namespace GreenServe.Records.Tables;

/// <summary>
/// A row of a record's table, read by column name. It is valid until the next row. A cell without such a column is absent.
/// </summary>
public interface IRecordRow
{
    /// <summary>The text of a cell; <c>null</c> if absent.</summary>
    string? Text(string column);

    /// <summary>The whole number in a cell; <c>null</c> if absent.</summary>
    /// <exception cref="InvalidInputException">The cell holds no whole number.</exception>
    long? Whole(string column);

    /// <summary>The finite number in a cell; <c>null</c> if absent.</summary>
    /// <exception cref="InvalidInputException">The cell holds no finite number.</exception>
    double? Number(string column);
}
