namespace GreenServe.Serving.Transport;

/// <summary>Somebody who wants to know which connection carries its bytes.</summary>
internal interface ITransportUser
{
    /// <summary>The connection; <c>null</c> where several users share one (HTTP/2).</summary>
    TransportStream? Connection { get; set; }
}
