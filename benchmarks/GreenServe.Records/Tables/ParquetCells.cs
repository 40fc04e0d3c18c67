using System.Buffers;
using ParquetSharp;

namespace GreenServe.Records.Tables;

/// <summary>The cells of one column of a Parquet file, for the rows of one row group.</summary>
/// <remarks>
/// Whole numbers are INT64 or INT32, other numbers DOUBLE or FLOAT, times also DECIMAL on INT64, and texts UTF-8. Files that other programs
/// wrote may hold any of them. An absent number is NaN.
/// </remarks>
internal sealed class ParquetCells
{
    private const int MaxPlaces = 18;
    private readonly PhysicalType type;
    private readonly bool isOptional;
    private readonly bool isTable;
    private readonly double divisor;
    private readonly Utf8Words.Pool words = new();
    private short[] levels = [];

    /// <summary>Describes the column.</summary>
    /// <param name="descriptor">What the file says of the column.</param>
    internal ParquetCells(ColumnDescriptor descriptor)
    {
        Column = RecordColumn.Of(descriptor.Name);
        type = descriptor.PhysicalType;
        isOptional = descriptor.MaxDefinitionLevel == 1;
        isTable = descriptor.MaxRepetitionLevel == 0 && descriptor.MaxDefinitionLevel <= 1;
        using LogicalType logical = descriptor.LogicalType;
        int places = logical is DecimalLogicalType { Scale: >= 0 and <= MaxPlaces } scaled ? scaled.Scale : 0;
        divisor = Math.Pow(10, places);
        HoldsTexts = isTable && type == PhysicalType.ByteArray;
        HoldsWholes = isTable && type is PhysicalType.Int64 or PhysicalType.Int32 && places == 0;
        HoldsNumbers = HoldsWholes
            || (isTable && type is PhysicalType.Double or PhysicalType.Float or PhysicalType.Int64 or PhysicalType.Int32);
    }

    /// <summary>The column.</summary>
    internal RecordColumn Column { get; }

    /// <summary>Whether the cells can be read as texts.</summary>
    internal bool HoldsTexts { get; }

    /// <summary>Whether the cells can be read as whole numbers.</summary>
    internal bool HoldsWholes { get; }

    /// <summary>Whether the cells can be read as numbers, which whole numbers are too.</summary>
    internal bool HoldsNumbers { get; }

    /// <summary>What the column holds, for messages.</summary>
    internal string TypeName => !isTable ? "a list" : divisor > 1 ? $"DECIMAL on {type}" : type.ToString();

    /// <summary>The whole number of each row, where the column holds any; 0 where the cell is absent.</summary>
    internal long[] Wholes { get; private set; } = [];

    /// <summary>The number of each row, where the column holds any; NaN where the cell is absent.</summary>
    internal double[] Numbers { get; private set; } = [];

    /// <summary>The text of each row, where the column holds any; <c>null</c> where the cell is absent or empty.</summary>
    internal string?[] Texts { get; private set; } = [];

    /// <summary>Reads the cells of one row group in place of those before.</summary>
    /// <param name="reader">The column in that group.</param>
    /// <param name="rows">Number of rows.</param>
    internal void Load(ColumnReader reader, int rows)
    {
        if (!isTable)
        {
            return;
        }

        levels = Sized(levels, rows);
        if (HoldsNumbers)
        {
            Array.Fill(Numbers = Sized(Numbers, rows), double.NaN, 0, rows);
            Wholes = HoldsWholes ? Sized(Wholes, rows) : [];
        }

        switch (reader)
        {
            case ColumnReader<long> wholes:
                Load(wholes, rows, SetWhole);
                break;
            case ColumnReader<int> wholes:
                Load(wholes, rows, (row, value) => SetWhole(row, value));
                break;
            case ColumnReader<double> numbers:
                Load(numbers, rows, (row, value) => Numbers[row] = NotNaN(value));
                break;
            case ColumnReader<float> numbers:
                Load(numbers, rows, (row, value) => Numbers[row] = NotNaN(value));
                break;
            case ColumnReader<ByteArray> texts:
                Array.Clear(Texts = Sized(Texts, rows));
                Load(texts, rows, (row, value) => Texts[row] = TextOf(value));
                break;
            default:
                break;
        }
    }

    private static T[] Sized<T>(T[] cells, int rows) => cells.Length < rows ? new T[rows] : cells;

    // No column accepts an infinity. A NaN in the file must not pass for an absent cell.
    private static double NotNaN(double value) => double.IsNaN(value) ? double.PositiveInfinity : value;

    private void SetWhole(int row, long value)
    {
        Numbers[row] = value / divisor;
        if (HoldsWholes)
        {
            Wholes[row] = value;
        }
    }

    private unsafe string? TextOf(ByteArray word) =>
        word.Length == 0 ? null : words.TextOf(new ReadOnlySpan<byte>((void*)word.Pointer, word.Length));

    private void Load<TStored>(ColumnReader<TStored> reader, int rows, Action<int, TStored> set)
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
                    if ((!isOptional || levels[row] == 1) && next < there)
                    {
                        set(row, values[next++]);
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
