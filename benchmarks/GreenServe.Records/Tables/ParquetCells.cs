using System.Buffers;
using ParquetSharp;

namespace GreenServe.Records.Tables;

/// <summary>The cells of one column of a Parquet file, for the rows of one row group.</summary>
/// <remarks>
/// Whole numbers are INT64 or INT32, other numbers DOUBLE or FLOAT, times also DECIMAL on INT64, and texts UTF-8. Files that other programs
/// wrote may hold any of them.
/// </remarks>
internal sealed class ParquetCells
{
    private static readonly double[] PowersOfTen = [.. Enumerable.Range(0, 19).Select(exponent => Math.Pow(10, exponent))];
    private readonly PhysicalType type;
    private readonly bool isOptional;
    private readonly int places;
    private readonly bool isDecimal;
    private readonly Utf8Words.Pool words = new();
    private short[] levels = [];

    /// <summary>Describes the column.</summary>
    /// <param name="descriptor">What the file says of the column.</param>
    internal ParquetCells(ColumnDescriptor descriptor)
    {
        Column = RecordColumn.Of(descriptor.Name);
        type = descriptor.PhysicalType;
        isOptional = descriptor.MaxDefinitionLevel == 1;
        using LogicalType logical = descriptor.LogicalType;
        isDecimal = logical is DecimalLogicalType;
        places = logical is DecimalLogicalType { Scale: >= 0 and < 19 } scaled ? scaled.Scale : 0;
        IsTable = descriptor.MaxRepetitionLevel == 0 && descriptor.MaxDefinitionLevel <= 1;
    }

    /// <summary>The column.</summary>
    internal RecordColumn Column { get; }

    /// <summary>Whether the column holds one cell a row. A list does not.</summary>
    private bool IsTable { get; }

    /// <summary>What the column holds, for messages.</summary>
    internal string TypeName => IsTable ? isDecimal ? $"DECIMAL on {type}" : type.ToString() : "a list";

    /// <summary>For each row whether the cell is there.</summary>
    internal bool[] IsThere { get; private set; } = [];

    /// <summary>The whole number of each row; 0 where the cell is absent.</summary>
    internal long[] Wholes { get; private set; } = [];

    /// <summary>The text of each row; <c>null</c> where the cell is absent or empty.</summary>
    internal string?[] Texts { get; private set; } = [];

    private double[] Numbers { get; set; } = [];

    /// <summary>Whether cells of a kind can be read from the column. Whole numbers are numbers too.</summary>
    internal bool Holds(ColumnKind kind) => IsTable && kind switch
    {
        ColumnKind.Text => type is PhysicalType.ByteArray,
        ColumnKind.Whole => type is PhysicalType.Int64 or PhysicalType.Int32 && places == 0,
        _ => type is PhysicalType.Int64 or PhysicalType.Int32 or PhysicalType.Double or PhysicalType.Float,
    };

    /// <summary>The number of a row whose cell is there.</summary>
    internal double Number(int row) =>
        type is PhysicalType.Int64 or PhysicalType.Int32 ? Wholes[row] / PowersOfTen[places] : Numbers[row];

    /// <summary>Reads the cells of one row group in place of those before.</summary>
    /// <param name="reader">The column in that group.</param>
    /// <param name="rows">Number of rows.</param>
    internal void Load(ColumnReader reader, int rows)
    {
        if (IsThere.Length < rows)
        {
            IsThere = new bool[rows];
            levels = new short[rows];
        }

        if (!IsTable)
        {
            return;
        }

        switch (reader)
        {
            case ColumnReader<long> wholes:
                Load(wholes, rows, Wholes = Sized(Wholes, rows), (long value) => value);
                break;
            case ColumnReader<int> wholes:
                Load(wholes, rows, Wholes = Sized(Wholes, rows), (int value) => (long)value);
                break;
            case ColumnReader<double> numbers:
                Load(numbers, rows, Numbers = Sized(Numbers, rows), (double value) => value);
                break;
            case ColumnReader<float> numbers:
                Load(numbers, rows, Numbers = Sized(Numbers, rows), (float value) => (double)value);
                break;
            case ColumnReader<ByteArray> texts:
                Array.Clear(Texts = Sized(Texts, rows));
                Load(texts, rows, Texts, TextOf);
                break;
            default:
                break;
        }
    }

    private static T[] Sized<T>(T[] cells, int rows) => cells.Length < rows ? new T[rows] : cells;

    private unsafe string? TextOf(ByteArray word) =>
        word.Length == 0 ? null : words.TextOf(new ReadOnlySpan<byte>((void*)word.Pointer, word.Length));

    private void Load<TStored, TCell>(ColumnReader<TStored> reader, int rows, TCell[] cells, Func<TStored, TCell> convert)
        where TStored : unmanaged
    {
        TStored[] values = ArrayPool<TStored>.Shared.Rent(rows);
        try
        {
            int row = 0;
            while (row < rows)
            {
                Span<short> defined = isOptional ? levels.AsSpan(row, rows - row) : [];
                long read = reader.ReadBatch(rows - row, defined, [], values.AsSpan(0, rows - row), out long there);
                if (read <= 0)
                {
                    throw new InvalidDataException("the column has fewer cells than its row group has rows");
                }

                int next = 0;
                for (int end = row + (int)read; row < end; row++)
                {
                    bool isThere = !isOptional || levels[row] == 1;
                    IsThere[row] = isThere && next < there;
                    if (IsThere[row])
                    {
                        cells[row] = convert(values[next++]);
                    }
                }
            }
        }
        finally
        {
            ArrayPool<TStored>.Shared.Return(values);
        }
    }
}
