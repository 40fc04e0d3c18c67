namespace GreenServe.Records.Tables;

/// <summary>A row of a record's table, read by column name. Valid until the next row; a column that is not there is absent.</summary>
public interface IRecordRow
{
    /// <summary>A cell as text; <c>null</c> if absent.</summary>
    string? Text(string column);

    /// <summary>A whole number; <c>null</c> if absent.</summary>
    /// <exception cref="InvalidInputException">The cell is something else.</exception>
    long? Whole(string column);

    /// <summary>A finite number; <c>null</c> if absent.</summary>
    /// <exception cref="InvalidInputException">The cell is something else.</exception>
    double? Number(string column);
}
