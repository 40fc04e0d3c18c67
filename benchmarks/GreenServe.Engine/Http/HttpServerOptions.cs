using System.Net;

namespace GreenServe.Engine.Http;

/// <summary>How the OpenAI-compatible front listens and what it accepts.</summary>
public sealed record HttpServerOptions
{
    /// <summary>Address to listen on. Loopback unless asked otherwise: the front has no TLS.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>TCP port in [0, 65535]; 0 takes a free one.</summary>
    public int Port { get; init; } = 8000;

    /// <summary>Whether it speaks HTTP/2 in the clear, and only that; without TLS a port can speak but one version.</summary>
    public bool SpeaksHttp2 { get; init; }

    /// <summary>Key that clients must send as a bearer token; <c>null</c> for none. Never logged.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Largest request body (bytes).</summary>
    public long MaxBodyBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>How long requests in flight may go on after a stop (s).</summary>
    public double StopGraceSeconds { get; init; } = 5;

    /// <summary>
    /// Whether chunks are written on the engine's own thread. Right for a schedule of send times, whose log then holds the very moment
    /// of each send; wrong for inference, whose steps it would delay.
    /// </summary>
    public bool SendsInline { get; init; }

    /// <summary>Where each send is logged; <c>null</c> for nowhere.</summary>
    public SendLog? SendLog { get; init; }

    /// <summary>What this server does wrong; <c>null</c> for nothing.</summary>
    public FaultPlan? Faults { get; init; }
}
