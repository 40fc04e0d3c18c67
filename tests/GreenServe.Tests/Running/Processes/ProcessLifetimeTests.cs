using GreenServe.Running.Processes;

namespace GreenServe.Tests.Running.Processes;

public sealed class ProcessLifetimeTests
{
    [Fact]
    public void IsHeld_UntilTheLastHoldEnds()
    {
        ProcessLifetime lifetime = new();
        Assert.False(lifetime.IsHeld);

        IDisposable first = lifetime.Hold();
        IDisposable second = lifetime.Hold();
        first.Dispose();

        Assert.True(lifetime.IsHeld);
        second.Dispose();
        Assert.False(lifetime.IsHeld);
    }

    [Fact]
    public void Dispose_CountsOnce_WhenAHoldIsDisposedTwice()
    {
        ProcessLifetime lifetime = new();
        IDisposable first = lifetime.Hold();
        using IDisposable second = lifetime.Hold();

        first.Dispose();
        first.Dispose();

        Assert.True(lifetime.IsHeld);
    }
}
