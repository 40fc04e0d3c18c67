using CsCheck;
using GreenServe.Records.Requests;

namespace GreenServe.Tests.Records.Requests;

public sealed class RequestTableTests
{
    private static readonly Gen<double?> Times = Gen.Double[-1e5, 1e6].Select(value => value < 0 ? (double?)null : value);
    private static readonly Gen<int?> Counts = Gen.Int[-10_000, 100_000].Select(value => value < 0 ? (int?)null : value);
    private static readonly Gen<string?> Texts = Gen.Null(Gen.String[Gen.Char.AlphaNumeric, 1, 8])!;

    private static readonly Gen<RequestRecord> Requests =
        from id in Gen.Long[0, 1_000_000]
        from requestClass in Gen.Int[0, 8].Select(index => RequestClass.All[index].Name)
        from times in Times.Array[10]
        from counts in Counts.Array[5]
        from texts in Texts.Array[3]
        from status in Gen.Enum<RequestStatus>()
        select new RequestRecord(
            id, requestClass, times[0] ?? 0, times[1], times[2], times[3], counts[0] ?? 0, counts[1], counts[2] ?? 0, counts[3], status,
            texts[0], texts[1])
        {
            TbtP99Seconds = times[4],
            TbtMaxSeconds = times[5],
            EnergyJoules = times[6],
            PrefillEnergyJoules = times[7],
            ClientQueueSeconds = times[8],
            LastTokenSeconds = times[9],
            Priority = texts[2],
            Adapter = counts[4],
        };

    [Fact]
    public void Of_GivesEveryRequestBack_InOrder_AtEachPass() => Requests.Array[0, 40].Sample(requests =>
    {
        int reads = 0;

        RequestTable table = RequestTable.Of(() =>
        {
            reads++;
            return requests;
        });

        Assert.Equal(requests.Length, table.Count);
        Assert.Equal(requests, table);
        Assert.Equal(requests, table);
        Assert.Equal(1, reads);
    });

    [Fact]
    public void Of_KeepsItsOrder_AcrossBlocks()
    {
        // Two blocks of 16,384 requests and a part of a third.
        const int Count = 40_000;
        RequestRecord Request(int id) => new(id, "SM", id, id, null, id + 1, 100, 100, 12, 12, RequestStatus.Completed)
        {
            ServerId = id % 20_000 == 1 ? $"server {id}" : null,
        };

        RequestTable table = RequestTable.Of(() => Enumerable.Range(0, Count).Select(Request));

        Assert.Equal(Enumerable.Range(0, Count).Select(Request), table);
    }

    [Fact]
    public void Of_ReadsTheFileAtEachPass_WhenThereAreTooManyToKeep()
    {
        RequestRecord[] requests = [new(0, "SS", 0, 0, 1, 2, 1, 1, 1, 1, RequestStatus.Completed)];
        int reads = 0;
        RequestTable table = RequestTable.Of(store: null, count: 1, () =>
        {
            reads++;
            return requests;
        });

        Assert.Equal(requests, table);
        Assert.Equal(requests, table);

        Assert.Equal(2, reads);
    }
}
