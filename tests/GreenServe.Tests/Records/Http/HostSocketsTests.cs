using System.Net;
using GreenServe.Records.Http;

namespace GreenServe.Tests.Records.Http;

public sealed class HostSocketsTests
{
    [Theory]
    [InlineData("http://127.0.0.1:8000/", true)]
    [InlineData("http://[::1]:8000/", true)]
    [InlineData("http://localhost:8000/v1", true)]
    [InlineData("http://192.0.2.1:8000/", false)]
    [InlineData("http://no-such-host.invalid/", false)]
    public async Task LeadHereAsync_IsTrueOnlyForAddressesOfThisMachine(string address, bool expected) =>
        Assert.Equal(expected, await HostSockets.LeadHereAsync(new Uri(address), CancellationToken.None));

    [Theory]
    [InlineData(true, "127.0.0.1")]
    [InlineData(true, "127.0.0.1", "::1", "::ffff:127.0.0.1")]
    [InlineData(false, "127.0.0.1", "192.0.2.1")]
    [InlineData(false, "192.0.2.1")]
    [InlineData(false)]
    public void AreOwn_IsFalse_WhenANameAlsoLeadsElsewhere(bool expected, params string[] found) =>
        Assert.Equal(expected, HostSockets.AreOwn([.. found.Select(IPAddress.Parse)]));

    [Theory]
    [InlineData("http://127.0.0.1:8000/", "http://localhost:8000/v1", true)]
    [InlineData("http://127.0.0.1:8000/", "http://[::1]:8000/", true)]
    [InlineData("http://192.0.2.1:8000/", "http://[::ffff:192.0.2.1]:8000/", true)]
    [InlineData("http://192.0.2.1/", "https://192.0.2.1:80/", true)]
    [InlineData("http://127.0.0.1:8000/", "http://127.0.0.1:8001/", false)]
    [InlineData("http://192.0.2.1:8000/", "http://192.0.2.2:8000/", false)]
    [InlineData("http://127.0.0.1:8000/", "http://192.0.2.1:8000/", false)]
    public void Of_Overlap_WhenTwoAddressesLeadToOneSocket(string first, string second, bool expected) =>
        Assert.Equal(expected, HostSockets.Of(new Uri(first)).Overlaps(HostSockets.Of(new Uri(second))));

    [Fact]
    public void Of_IsTheNameItself_WhenItCannotBeLookedUp() =>
        Assert.Equal(["no-such-host.invalid port 8000"], HostSockets.Of(new Uri("http://no-such-host.invalid:8000/")));
}
