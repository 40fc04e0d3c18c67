using System.Globalization;

namespace GreenServe.Records.Tables;

/// <summary>Names of the files of a table. A very large table has several parts, each with the rows that follow the part before.</summary>
internal static class TablePart
{
    /// <summary>The CSV file of a part.</summary>
    /// <param name="path">The CSV file of the table, which is that of its first part.</param>
    /// <param name="part">Number of the part, from 1.</param>
    internal static string PathOf(string path, int part) =>
        part == 1 ? path : Path.ChangeExtension(path, string.Create(CultureInfo.InvariantCulture, $".{part}.csv"));

    /// <summary>The Parquet file of a part.</summary>
    /// <param name="path">The CSV file of the part.</param>
    internal static string ParquetOf(string path) => Path.ChangeExtension(path, ".parquet");

    /// <summary>Length of all files of a table (bytes): for each part the CSV file, or else the Parquet file.</summary>
    /// <param name="path">The CSV file of the table.</param>
    internal static long BytesOf(string path)
    {
        long bytes = 0;
        for (int part = 1; TableReader.Exists(PathOf(path, part)); part++)
        {
            string csv = PathOf(path, part);
            bytes += new FileInfo(File.Exists(csv) ? csv : ParquetOf(csv)).Length;
        }

        return bytes;
    }

    /// <summary>The name of a Parquet file of a part while it is written.</summary>
    /// <param name="path">The CSV file of the part.</param>
    internal static string DraftOf(string path) => Path.ChangeExtension(path, ".parquet.draft");
}
