using System.Diagnostics.CodeAnalysis;

namespace GreenServe.Records.Http;

/// <summary>Makes the handler behind every HTTP connection of this suite.</summary>
public static class DirectHttp
{
    /// <summary>
    /// A handler that goes straight to the address it is given. It uses no proxy, whatever the environment says: a proxy would add its own
    /// time to what is measured, and would read the secrets that are sent. It keeps no cookies and follows no redirect.
    /// </summary>
    [SuppressMessage("ApiDesign", "RS0030", Justification = "The place that the ban points to.")]
    public static SocketsHttpHandler CreateHandler() => new() { UseProxy = false, UseCookies = false, AllowAutoRedirect = false };
}
