using GreenServe.Records;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Tests.Workloads.Schedules;

public sealed class ScheduleMemoryTests
{
    [Fact]
    public void Require_RefusesRequests_BeyondTheMemory()
    {
        ScheduleMemory.Require(requests: 10_000_000, availableBytes: 7_000_000_000);

        UnavailableException exception = Assert.Throws<UnavailableException>(
            () => ScheduleMemory.Require(requests: 20_000_000, availableBytes: 7_000_000_000));

        // 700 bytes a request: 14 GB for 20 million, and 10 million in 7 GB.
        Assert.Equal(
            "20,000,000 requests take about 14.0 GB of memory, and this host has 7.0 GB. Ask for at most 10,000,000 requests.",
            exception.Message);
    }
}
