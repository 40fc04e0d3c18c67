namespace GreenServe.Records.Tables;

/// <summary>How large a table of a run record was when its run ended. A table that was cut since then is found by it.</summary>
/// <param name="Rows">Number of rows, without the header.</param>
/// <param name="Bytes">Length in bytes of the files that the run wrote.</param>
/// <param name="Files">Number of Parquet files, each with a part of the rows; 0 for a table that the run wrote as one CSV file.</param>
public sealed record TableSize(long Rows, long Bytes, int Files = 0);
