namespace GreenServe.Records.Tables;

/// <summary>How large a table of a run record was when its run ended. A table that was cut since then is found by it.</summary>
/// <param name="Rows">Number of rows, without the header.</param>
/// <param name="Bytes">Length of the CSV file in bytes.</param>
public sealed record TableSize(long Rows, long Bytes);
