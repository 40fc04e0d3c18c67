using GreenServe.Running.Points;
using GreenServe.Workloads.Schedules;
using GreenServe.Workloads.Traits;

namespace GreenServe.Tests.Running.Points;

public sealed class UnusedTraitsTests
{
    private static readonly RequestSchedule Schedule = new([]) { Priorities = ["high", "low"], Adapters = [new Adapter(0, 8, 1e6)] };

    [Theory]
    [InlineData(false, false, 2)]
    [InlineData(true, false, 1)]
    [InlineData(false, true, 1)]
    [InlineData(true, true, 0)]
    public void Notes_NameEachTrait_ThatIsStatedAndNotUsed(bool usesPriorities, bool usesAdapters, int notes)
    {
        string[] found = [.. UnusedTraits.Notes(Schedule, "the server", usesPriorities, usesAdapters)];

        Assert.Equal(notes, found.Length);
        Assert.All(found, note => Assert.StartsWith("the server does not ", note, StringComparison.Ordinal));
    }

    [Fact]
    public void Notes_AreEmpty_WhereTheWorkloadStatesNeither() => Assert.Empty(UnusedTraits.Notes(new RequestSchedule([]), "the server"));
}
