namespace GreenServe.Records.Tables;

/// <summary>Rows of a table that wait in memory, column by column. A row group of a Parquet file is made of them.</summary>
/// <remarks>The arrays grow with the rows and are used again after <see cref="Clear"/>.</remarks>
internal sealed class RowGroup
{
    private const int FirstRows = 1024;
    private const double NanosecondsPerSecond = 1e9;

    /// <summary>Longest time of 18 digits in nanoseconds: 31 years.</summary>
    private const double MaxRoundedSeconds = 1e9;
    private readonly ColumnCells[] cells;
    private int column;

    /// <summary>Makes an empty group.</summary>
    /// <param name="columns">The columns of the table.</param>
    internal RowGroup(IReadOnlyList<RecordColumn> columns) => cells = [.. columns.Select(one => new ColumnCells(one))];

    /// <summary>The cells of each column.</summary>
    internal IReadOnlyList<ColumnCells> Columns => cells;

    /// <summary>Number of whole rows.</summary>
    internal int Rows { get; private set; }

    /// <summary>Whether a time (s) is one of whole nanoseconds, and not too long to be counted in them.</summary>
    internal static bool IsExact(double seconds) =>
        Math.Abs(seconds) < MaxRoundedSeconds && Math.Round(seconds * NanosecondsPerSecond) / NanosecondsPerSecond == seconds;

    /// <summary>Adds a text to the present row; <c>null</c> for an absent cell.</summary>
    internal void Add(string? text) => cells[column++].Add(Rows, string.IsNullOrEmpty(text) ? null : text);

    /// <summary>Adds a whole number to the present row; <c>null</c> for an absent cell.</summary>
    internal void Add(long? value) => cells[column++].Add(Rows, value);

    /// <summary>Adds a number to the present row; <c>null</c> for an absent cell.</summary>
    internal void Add(double? value) => cells[column++].Add(Rows, value);

    /// <summary>Ends the present row.</summary>
    internal void EndRow()
    {
        column = 0;
        Rows++;
    }

    /// <summary>Writes all rows into another table with the same columns.</summary>
    internal void CopyTo(TableWriter table)
    {
        int[] next = new int[cells.Length];
        for (int row = 0; row < Rows; row++)
        {
            for (int index = 0; index < cells.Length; index++)
            {
                bool isThere = cells[index].Levels[row] == 1;
                cells[index].CopyTo(table, isThere ? next[index]++ : null);
            }

            table.EndRow();
        }
    }

    /// <summary>Forgets all rows.</summary>
    internal void Clear()
    {
        Rows = 0;
        foreach (ColumnCells one in cells)
        {
            one.Clear();
        }
    }

    /// <summary>The cells of one column: the present values one after the other, and for each row whether there is one.</summary>
    internal sealed class ColumnCells(RecordColumn column)
    {
        private short[] levels = new short[FirstRows];
        private long[] wholes = [];
        private double[] numbers = [];
        private string[] texts = [];

        /// <summary>The column.</summary>
        internal RecordColumn Column => column;

        /// <summary>Number of cells that are there.</summary>
        internal int Count { get; private set; }

        /// <summary>For each row 1 where the cell is there, and 0 where it is absent.</summary>
        internal short[] Levels => levels;

        /// <summary>The whole numbers that are there, or the nanoseconds of a column of rounded times.</summary>
        internal long[] Wholes => wholes;

        /// <summary>The numbers that are there.</summary>
        internal double[] Numbers => numbers;

        /// <summary>The texts that are there.</summary>
        internal string[] Texts => texts;

        internal void Add(int row, string? text)
        {
            if (Begin(row, text is not null))
            {
                Grow(ref texts);
                texts[Count++] = text!;
            }
        }

        internal void Add(int row, long? value)
        {
            if (Begin(row, value is not null))
            {
                Grow(ref wholes);
                wholes[Count++] = value!.Value;
            }
        }

        internal void Add(int row, double? value)
        {
            if (!Begin(row, value is not null))
            {
                return;
            }

            if (column.IsRounded)
            {
                Grow(ref wholes);
                wholes[Count++] = (long)Math.Round(value!.Value * NanosecondsPerSecond);
            }
            else
            {
                Grow(ref numbers);
                numbers[Count++] = value!.Value;
            }
        }

        /// <summary>Writes a cell into another table.</summary>
        /// <param name="table">The table.</param>
        /// <param name="index">Number of the cell among those that are there; <c>null</c> for an absent cell.</param>
        internal void CopyTo(TableWriter table, int? index) => _ = column switch
        {
            { Kind: ColumnKind.Text } => table.Add(index is { } at ? texts[at] : null),
            { Kind: ColumnKind.Whole } => table.Add(index is { } at ? wholes[at] : null),
            { IsRounded: true } => table.AddSeconds(index is { } at ? wholes[at] / NanosecondsPerSecond : null),
            _ => table.Add(index is { } at ? numbers[at] : null),
        };

        internal void Clear()
        {
            Array.Clear(texts);
            Count = 0;
        }

        private bool Begin(int row, bool isThere)
        {
            if (row == levels.Length)
            {
                Array.Resize(ref levels, 2 * row);
            }

            levels[row] = isThere ? (short)1 : (short)0;
            return isThere;
        }

        private void Grow<T>(ref T[] values)
        {
            if (Count == values.Length)
            {
                Array.Resize(ref values, Math.Max(FirstRows, 2 * Count));
            }
        }
    }
}
