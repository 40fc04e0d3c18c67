using GreenServe.Running.Machine;

namespace GreenServe.Tests.Running.Machine;

public sealed class ServerHostTests
{
    [Theory]
    [InlineData("http://127.0.0.1:8000/", true)]
    [InlineData("http://[::1]:8000/", true)]
    [InlineData("http://localhost:8000/v1", true)]
    [InlineData("http://192.0.2.1:8000/", false)]
    [InlineData("http://no-such-host.invalid/", false)]
    public async Task IsThisMachineAsync_IsTrueOnlyForAddressesOfThisMachine(string address, bool expected) =>
        Assert.Equal(expected, await ServerHost.IsThisMachineAsync(new Uri(address), CancellationToken.None));
}
