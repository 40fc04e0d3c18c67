using System.Globalization;
using System.Text;

namespace GreenServe.Serving.OpenAi;

/// <summary>Writes the head of a request of HTTP/1.1 in front of its body.</summary>
internal sealed class RequestHead
{
    /// <summary>Room for what differs between requests (bytes): a name of two numbers, a length and the names of their headers.</summary>
    private const int VaryingBytes = 128;
    private readonly byte[] start;

    /// <summary>Makes the writer for an address.</summary>
    /// <param name="address">The address of every request.</param>
    /// <param name="apiKey">The key that is sent; <c>null</c> for none.</param>
    /// <param name="headers">Further headers.</param>
    internal RequestHead(Uri address, Secret? apiKey, IEnumerable<SecretHeader> headers)
    {
        string host = address.HostNameType == UriHostNameType.IPv6 ? $"[{address.IdnHost}]" : address.IdnHost;
        string port = address.IsDefaultPort ? "" : string.Create(CultureInfo.InvariantCulture, $":{address.Port}");
        string key = apiKey is null ? "" : $"Authorization: Bearer {apiKey.Reveal()}\r\n";
        string others = string.Concat(headers.Select(header => $"{header.Name}: {header.Value.Reveal()}\r\n"));
        start = Encoding.ASCII.GetBytes(
            $"POST {address.PathAndQuery} HTTP/1.1\r\nHost: {host}{port}\r\n{key}{others}"
            + "Content-Type: application/json\r\nX-Request-Id: ");
    }

    /// <summary>Bytes to leave free in front of a body.</summary>
    internal int MaxBytes => start.Length + VaryingBytes;

    /// <summary>Writes a head that ends where the body begins.</summary>
    /// <param name="room">The <see cref="MaxBytes"/> bytes in front of the body.</param>
    /// <param name="name">The client's name of the request.</param>
    /// <param name="bodyBytes">Length of the body (bytes).</param>
    /// <returns>Length of the head (bytes).</returns>
    internal int WriteBefore(Span<byte> room, string name, int bodyBytes)
    {
        string end = string.Create(CultureInfo.InvariantCulture, $"{name}\r\nContent-Length: {bodyBytes}\r\n\r\n");
        int length = start.Length + end.Length;
        Span<byte> head = room[^length..];
        start.CopyTo(head);
        Encoding.ASCII.GetBytes(end, head[start.Length..]);
        return length;
    }
}
