using GreenServe.Simulation.Validation;

namespace GreenServe.Tests.Simulation.Validation;

public sealed class ServedWindowTests
{
    [Fact]
    public void Of_CutsFromWarmUpToTheLastRequestSent()
    {
        // Ten requests, one a second: first token after 0.5 s, then 10 tokens at 0.1 s each up to 1.5 s after they were sent.
        ServedRequest[] requests = [.. Enumerable.Range(0, 10).Select(second => new ServedRequest(second, second + 0.5, second + 1.5, 11))];

        ServedWindow window = ServedWindow.Of(requests, warmUpSeconds: 3);

        Assert.Equal((3.0, 9.0), (window.StartSeconds, window.EndSeconds));
        Assert.Equal(7, window.Requests.Count);
        Assert.Equal(0.5, window.TtftSeconds, tolerance: 1e-9);
        Assert.Equal(0.1, window.TbtSeconds!.Value, tolerance: 1e-9);

        // From 3 s to 9 s: request 2 still has half of its ten later tokens to come, 3 to 7 lie inside whole, 8 has its first and half.
        Assert.Equal(5 + (5 * 11) + 1 + 5, window.OutputTokens, tolerance: 1e-9);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(8.5)]
    public void Of_TakesTheWholeRun_WithoutWarmUpOrWhereTooLittleIsLeft(double warmUp)
    {
        ServedRequest[] requests = [new(0, 1, 3, 21), new(9, 10, 12, 1)];

        ServedWindow window = ServedWindow.Of(requests, warmUp);

        Assert.Equal((0.0, 12.0), (window.StartSeconds, window.EndSeconds));
        Assert.Equal(22, window.OutputTokens, tolerance: 1e-9);
    }
}
