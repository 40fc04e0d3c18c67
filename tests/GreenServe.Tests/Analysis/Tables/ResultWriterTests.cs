using System.Globalization;
using System.Text;
using CsCheck;
using CsvHelper;
using GreenServe.Analysis.Tables;

namespace GreenServe.Tests.Analysis.Tables;

public sealed class ResultWriterTests
{
    [Fact]
    public void Add_WritesCellsThatReadBack_WhateverTheyHold() =>
        Gen.Select(Gen.String[Gen.Char[" ,\"\r\nab='é漢"], 0, 12], Gen.Double).Array[1, 20].Sample(rows =>
        {
            using MemoryStream file = new();
            using (ResultWriter writer = new(file))
            {
                foreach ((string text, double number) in rows)
                {
                    writer.AddName(text);
                    writer.Add(number);
                    writer.Add((string?)null);
                    writer.EndRow();
                }
            }

            using StringReader reader = new(Encoding.UTF8.GetString(file.ToArray()));
            using CsvReader csv = new(reader, CultureInfo.InvariantCulture);
            foreach ((string text, double number) in rows)
            {
                Assert.True(csv.Read());
                Assert.Equal(text, csv.GetField(0));
                Assert.Equal(number.ToString("R", CultureInfo.InvariantCulture), csv.GetField(1));
                Assert.Equal("", csv.GetField(2));
            }
        });

    [Fact]
    public void Add_AllocatesNothing_ForNumbersAndPlainText()
    {
        using ResultWriter writer = new(Stream.Null);
        void AddRow(int row)
        {
            writer.Add("a run");
            writer.Add(row / 7.0);
            writer.EndRow();
        }

        AddRow(0);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int row = 0; row < 10_000; row++)
        {
            AddRow(row);
        }

        // Less than a byte a row: the runtime itself may allocate a little while it compiles the loop again.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000);
    }

    [Fact]
    public void Add_WritesAWordLongerThanTheBuffer_Whole()
    {
        using MemoryStream file = new();
        string word = new('x', 300_000);

        using (ResultWriter writer = new(file))
        {
            writer.Add(word);
            writer.EndRow();
        }

        Assert.Equal(word + "\n", Encoding.UTF8.GetString(file.ToArray()));
    }
}
