using System.Globalization;
using GreenServe.Records;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Tests.Workloads.Schedules;

public sealed class ScheduleMemoryTests
{
    [Theory]
    [InlineData(500_000, 350_000_000, 600_000, "600,000 requests take about 0.4 GB of memory, and this host has 0.4 GB. ")]
    [InlineData(10_000_000, 1_600_000_000, 20_000_000, "20,000,000 requests take about 2.6 GB of memory, and this host has 1.6 GB. ")]
    public void Require_RefusesRequests_BeyondTheMemory(long fitting, long availableBytes, long tooMany, string message)
    {
        ScheduleMemory.Require(fitting, availableBytes);

        UnavailableException exception = Assert.Throws<UnavailableException>(() => ScheduleMemory.Require(tooMany, availableBytes));

        // 700 bytes for each of the first million and 100 for each further request: 350 MB for 500,000, 1.6 GB for 10 million (700 + 900
        // MB) and 2.6 GB for 20 million (700 + 1,900 MB).
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"{message}Ask for at most {fitting:#,0} requests."), exception.Message);
    }
}
