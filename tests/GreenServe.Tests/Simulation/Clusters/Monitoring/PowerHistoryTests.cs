using GreenServe.Simulation.Clusters.Monitoring;

namespace GreenServe.Tests.Simulation.Clusters.Monitoring;

public sealed class PowerHistoryTests
{
    [Fact]
    public void Watts_IsTheMeanOverTheLastSeconds()
    {
        PowerHistory history = new(startSeconds: 0);
        double joules = 0;

        // Second number n has n watts, for 200 s: the ring of 61 entries has turned three times.
        for (int second = 1; second <= 200; second++)
        {
            history.Add(second, joules += second);
        }

        Assert.Equal(200, history.Watts(1), tolerance: 1e-9);
        Assert.Equal((200 + 199) / 2.0, history.Watts(2), tolerance: 1e-9);
        Assert.Equal((200 + 141) / 2.0, history.Watts(60), tolerance: 1e-9);
    }

    [Fact]
    public void Watts_IsAveragedFromTheStart_WhenTheRecordIsYounger()
    {
        PowerHistory history = new(startSeconds: 10.5);
        history.Add(11, 50);
        history.Add(12, 350);

        Assert.Equal(300, history.Watts(1), tolerance: 1e-9);

        // 350 J in the 1.5 s since 10.5 s.
        Assert.Equal(350 / 1.5, history.Watts(60), tolerance: 1e-9);
    }

    [Fact]
    public void Watts_IsNothing_BeforeTheFirstSecond() => Assert.Equal(0, new PowerHistory(startSeconds: 3).Watts(10));

    [Theory]
    [InlineData(0)]
    [InlineData(61)]
    public void Watts_IsRefused_OutsideItsMemory(int overSeconds) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new PowerHistory(startSeconds: 0).Watts(overSeconds));
}
