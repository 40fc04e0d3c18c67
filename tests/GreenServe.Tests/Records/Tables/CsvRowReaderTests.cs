using System.Text;
using CsCheck;
using GreenServe.Records.Tables;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Records.Tables;

public sealed class CsvRowReaderTests
{
    [Theory]
    [InlineData("a,b\nc,d\n", "a|b", "c|d")]
    [InlineData("a,b\r\nc,d", "a|b", "c|d")]
    [InlineData("a,\n,b\n", "a|", "|b")]
    [InlineData("\"a,\"\"b\"\"\nc\",d\n", "a,\"b\"\nc|d")]
    [InlineData("a\n\n\nb\n", "a", "b")]
    [InlineData("6\"0,b\n", "6\"0|b")]
    [InlineData("\"a\" tail,b\n", "a tail|b")]
    [InlineData("\"open,b\nc", "open,b\nc")]
    [InlineData("", new string[0])]
    public void Read_SplitsRowsAndFields(string csv, params string[] rows) => Assert.Equal(rows, Rows(csv));

    [Fact]
    public void Line_CountsLinesInsideQuotes()
    {
        using CsvRowReader reader = new(new StringReader("a\n\"b\nb\"\nc\n"));
        List<int> lines = [];
        while (reader.Read())
        {
            lines.Add(reader.RowLine);
        }

        Assert.Equal([1, 2, 4], lines);
    }

    [Fact]
    public void Read_GivesBackWhatWasWritten_WhateverTheText() =>
        Gen.String[Gen.Char["ab,\"\n\r; é\u2028"], 0, 12].Array[1, 5].Array[1, 20].Sample(rows =>
    {
        int width = rows[0].Length;
        string[][] table =
        [
            .. rows.Select(
                row => Enumerable.Range(0, width).Select(index => index < row.Length ? row[index] : "x").Prepend("key").ToArray()),
        ];
        using TemporaryFolder folder = new();
        using (CsvTableWriter writer = new(folder.PathOf("table.csv"), [.. table[0].Select(RecordColumn.Of)]))
        {
            foreach (string[] row in table[1..])
            {
                Array.ForEach(row, field => writer.Add(field));
                writer.EndRow();
            }
        }

        Assert.Equal(table.Select(row => string.Join('|', row)), Rows(File.ReadAllText(folder.PathOf("table.csv"))));
    });

    [Fact]
    public void Read_CrossesItsBuffer_WhenRowsAreLong()
    {
        string field = new('x', 50_000);
        string csv = new StringBuilder().Append(field).Append(",\"").Append(field).Append("\"\n").Append("a,b\n").ToString();

        Assert.Equal([$"{field}|{field}", "a|b"], Rows(csv));
    }

    private static List<string> Rows(string csv)
    {
        using CsvRowReader reader = new(new StringReader(csv));
        List<string> rows = [];
        while (reader.Read())
        {
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(index => reader.Field(index).ToString())));
        }

        return rows;
    }
}
