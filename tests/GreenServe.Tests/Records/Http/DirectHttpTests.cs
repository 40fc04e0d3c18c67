using GreenServe.Records.Http;

namespace GreenServe.Tests.Records.Http;

public sealed class DirectHttpTests
{
    [Fact]
    public void CreateHandler_UsesNoProxyAndFollowsNothing()
    {
        using SocketsHttpHandler handler = DirectHttp.CreateHandler();

        Assert.False(handler.UseProxy);
        Assert.False(handler.UseCookies);
        Assert.False(handler.AllowAutoRedirect);
    }
}
