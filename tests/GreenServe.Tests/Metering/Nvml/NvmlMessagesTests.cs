using GreenServe.Metering;
using GreenServe.Metering.Nvml;

namespace GreenServe.Tests.Metering.Nvml;

public class NvmlMessagesTests
{
    [Fact]
    public void Of_SaysSomethingElse_ForEveryAnswer()
    {
        string[] messages = [.. Enum.GetValues<NvmlReturn>().Select(NvmlMessages.Of)];

        Assert.Equal(messages.Length, messages.Distinct().Count());
        Assert.DoesNotContain(messages, message => message.Contains("does not know", StringComparison.Ordinal));
        Assert.Contains("code 77", NvmlMessages.Of((NvmlReturn)77), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData((int)NvmlReturn.GpuIsLost, "gpu-lost", true)]
    [InlineData((int)NvmlReturn.ResetRequired, "gpu-lost", true)]
    [InlineData((int)NvmlReturn.NoPermission, "no-permission", false)]
    [InlineData((int)NvmlReturn.NotSupported, "not-supported", false)]
    [InlineData((int)NvmlReturn.Timeout, "read-failed", false)]
    public void Failure_TellsWhatKindItIs(int answer, string code, bool breaksCounter)
    {
        ReadingFailure failure = NvmlMessages.Failure((NvmlReturn)answer, "GPU 0");

        Assert.Equal(code, failure.Code);
        Assert.Equal(breaksCounter, failure.BreaksCounter);
        Assert.StartsWith("GPU 0: ", failure.Message, StringComparison.Ordinal);
    }
}
