using GreenServe.Serving.Transport;

namespace GreenServe.Serving.Http1;

/// <summary>One request and what becomes of its response. The response is taken in pieces, where their bytes lie.</summary>
internal interface IHttpExchange
{
    /// <summary>Notes that the bytes of the request go now.</summary>
    /// <param name="connection">The connection that carries them.</param>
    void BeginSend(TransportStream connection);

    /// <summary>Takes the status and the headers. The content has headers and no bytes: the body follows in pieces.</summary>
    void TakeHead(HttpResponseMessage response);

    /// <summary>Takes the next bytes of the body.</summary>
    /// <returns>Whether more of the body is wanted.</returns>
    bool TakeBody(ReadOnlySpan<byte> piece);
}
