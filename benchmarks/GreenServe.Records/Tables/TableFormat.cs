namespace GreenServe.Records.Tables;

/// <summary>The form in which the tables of a run record are written.</summary>
public enum TableFormat
{
    /// <summary>A table is CSV while it is small, and Parquet from <see cref="RunFiles.LargeTableRows"/> rows on.</summary>
    Auto,

    /// <summary>Every table is CSV.</summary>
    Csv,

    /// <summary>Every table is Parquet.</summary>
    Parquet,
}
