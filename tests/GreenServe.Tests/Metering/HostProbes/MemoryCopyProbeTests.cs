using GreenServe.Metering.HostProbes;
using GreenServe.Records;

namespace GreenServe.Tests.Metering.HostProbes;

public sealed class MemoryCopyProbeTests
{
    private const long Megabyte = 1L << 20;
    private const long Gigabyte = 1L << 30;

    [Theory]
    [InlineData(2, 64, 256)] // at least 256 MB
    [InlineData(32, 256, 512)] // 16 MB for each core
    [InlineData(224, 2048, 1024)] // at most 1 GB
    [InlineData(2, 2, 128)] // two buffers of a sixteenth of the memory
    public void BytesFor_IsMoreThanTheCaches_AndLittleOfTheMemory(int cores, long gigabytes, long megabytes) =>
        Assert.Equal(megabytes * Megabyte, MemoryCopyProbe.BytesFor(cores, gigabytes * Gigabyte));

    [Fact]
    public void BytesFor_SaysWhatIsMissing_WhenACopyWouldStayInTheCaches()
    {
        UnavailableException exception = Assert.Throws<UnavailableException>(() => MemoryCopyProbe.BytesFor(2, Gigabyte / 2));

        Assert.Equal("it needs 1.1 GB of memory, and this process may use 0.5 GB", exception.Message);
    }
}
