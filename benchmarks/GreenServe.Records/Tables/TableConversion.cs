namespace GreenServe.Records.Tables;

/// <summary>Turns the tables of a record from CSV into Parquet and back. The rows stay the same.</summary>
public static class TableConversion
{
    /// <summary>
    /// Writes a file of a table in the other form beside it, in place of an earlier file of that form, in one step. The file itself stays.
    /// </summary>
    /// <param name="table">The table.</param>
    /// <param name="file">A CSV or Parquet file of the table.</param>
    /// <param name="isInterrupted">Whether the run was killed; a broken last row is then left out.</param>
    /// <returns>The file that was written.</returns>
    /// <exception cref="InvalidInputException">The file is damaged.</exception>
    /// <exception cref="UnavailableException">The disk is full or read-only.</exception>
    public static string Write(RecordTable table, string file, bool isInterrupted)
    {
        bool isParquet = Path.GetExtension(file) == ".parquet";
        string target = isParquet ? Path.ChangeExtension(file, ".csv") : TablePart.ParquetOf(file);
        TableReader Open() => isParquet ? ParquetTableReader.Open(file) : new CsvTableReader(file, isInterrupted);
        Action<RecordTable, Func<TableReader>, WatchedStream> write = isParquet ? WriteCsv : WriteParquet;
        OutputFile.Replace(target, stream => write(table, Open, new WatchedStream(stream, leaveOpen: true)));
        return target;
    }

    /// <summary>The files of a record that hold a table as CSV, or as Parquet; empty where it has none of that form.</summary>
    /// <param name="table">The table.</param>
    /// <param name="folder">Folder of the record.</param>
    /// <param name="isParquet">Whether Parquet files are meant.</param>
    public static IReadOnlyList<string> FilesOf(RecordTable table, string folder, bool isParquet)
    {
        string path = Path.Combine(folder, table.File);
        List<string> files = [];
        for (int part = 1; TableReader.Exists(TablePart.PathOf(path, part)); part++)
        {
            string csv = TablePart.PathOf(path, part);
            string file = isParquet ? TablePart.ParquetOf(csv) : csv;
            if (File.Exists(file))
            {
                files.Add(file);
            }
        }

        return files;
    }

    private static void WriteParquet(RecordTable table, Func<TableReader> open, WatchedStream target)
    {
        RecordColumn[] columns = ExactColumns(table, open);
        using ParquetFile file = new(target, columns);
        foreach (RowGroup group in GroupsOf(open, columns))
        {
            file.Write(group);
        }

        file.Complete();
    }

    private static void WriteCsv(RecordTable table, Func<TableReader> open, WatchedStream target)
    {
        // CSV holds every digit of a time.
        RecordColumn[] columns = [.. ColumnsOf(table, open).Select(column => column with { IsRounded = false })];
        using CsvTableWriter csv = new(table.File, columns, FileMode.Create, (_, _) => target);
        foreach (RowGroup group in GroupsOf(open, columns))
        {
            group.CopyTo(csv);
        }

        csv.Flush();
        if (target.Failure is { } failure)
        {
            throw failure;
        }
    }

    /// <summary>
    /// The rows of a file in row groups, each of which is valid until the next. A file without rows gives one empty group.
    /// </summary>
    private static IEnumerable<RowGroup> GroupsOf(Func<TableReader> open, RecordColumn[] columns)
    {
        using TableReader rows = open();
        RowGroup group = new(columns);
        bool isFirst = true;
        foreach (bool _ in rows.Rows(row => Copy(row, columns, group)))
        {
            if (group.Rows == RunFiles.LargeTableRows)
            {
                yield return group;
                group.Clear();
                isFirst = false;
            }
        }

        if (group.Rows > 0 || isFirst)
        {
            yield return group;
        }
    }

    /// <summary>The columns of a file in their usual order; those that this build does not know come last.</summary>
    private static RecordColumn[] ColumnsOf(RecordTable table, Func<TableReader> open)
    {
        using TableReader rows = open();
        return
        [
            .. table.Columns.Where(column => rows.Columns.Contains(column.Name)),
            .. rows.Columns.Where(name => table.Columns.All(column => column.Name != name))
                .Order(StringComparer.Ordinal).Select(RecordColumn.Of),
        ];
    }

    /// <summary>
    /// The columns of a table. A column of times keeps all digits where one of its times has parts of a nanosecond, as another
    /// program may have written it.
    /// </summary>
    private static RecordColumn[] ExactColumns(RecordTable table, Func<TableReader> open)
    {
        RecordColumn[] columns = ColumnsOf(table, open);
        using TableReader rows = open();
        HashSet<string> inexact = [];
        RecordColumn[] rounded = [.. columns.Where(column => column.IsRounded)];
        foreach (bool _ in rows.Rows(row =>
        {
            foreach (RecordColumn column in rounded)
            {
                if (row.Number(column.Name) is { } seconds && !RowGroup.IsExact(seconds))
                {
                    inexact.Add(column.Name);
                }
            }

            return true;
        }))
        {
        }

        return [.. columns.Select(column => column with { IsRounded = column.IsRounded && !inexact.Contains(column.Name) })];
    }

    private static bool Copy(TableReader row, RecordColumn[] columns, RowGroup group)
    {
        foreach (RecordColumn column in columns)
        {
            switch (column.Kind)
            {
                case ColumnKind.Text:
                    group.Add(row.Text(column.Name));
                    break;
                case ColumnKind.Whole:
                    group.Add(row.Whole(column.Name));
                    break;
                default:
                    group.Add(row.Number(column.Name));
                    break;
            }
        }

        group.EndRow();
        return true;
    }
}
