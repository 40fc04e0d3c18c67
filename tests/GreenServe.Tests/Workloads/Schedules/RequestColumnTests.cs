using CsCheck;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Tests.Workloads.Schedules;

public sealed class RequestColumnTests
{
    [Fact]
    public void Indexer_GivesEveryValue_WhereverTheFirstDifferentOneStands() =>
        Gen.Select(Gen.Int[0, 9000], Gen.Int[0, 9000]).Sample((equal, more) =>
        {
            int[] values = [.. Enumerable.Repeat(7, equal), .. Enumerable.Range(0, more)];
            RequestColumn<int> column = Column(values);
            return values.Index().All(item => column[item.Index] == item.Item);
        });

    [Theory]
    [InlineData(0)]
    [InlineData(100_000)]
    public void Bytes_IsZero_WhileAllValuesAreEqual(int values) =>
        Assert.Equal(0, Column([.. Enumerable.Repeat(5, values)]).Bytes);

    [Fact]
    public void Bytes_CountsWholeChunks_OnceAValueDiffers()
    {
        RequestColumn<int> column = Column([.. Enumerable.Repeat(5, 4096), 6]);

        // 4,097 values take two chunks of 4,096 values of 4 bytes.
        Assert.Equal(2 * 4096 * 4, column.Bytes);
    }

    [Fact]
    public void Indexer_GivesNull_WhereValuesAreMissing()
    {
        RequestColumn<int?> column = new();
        column.Add(null);
        column.Add(3);
        column.Add(null);

        Assert.Equal([null, 3, null], Enumerable.Range(0, 3).Select(index => column[index]));
    }

    private static RequestColumn<int> Column(int[] values)
    {
        RequestColumn<int> column = new();
        foreach (int value in values)
        {
            column.Add(value);
        }

        return column;
    }
}
