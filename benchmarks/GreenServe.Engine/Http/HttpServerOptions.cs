using System.Net;
using GreenServe.Engine.Simulated;

namespace GreenServe.Engine.Http;

/// <summary>The address, the limits and the faults of the OpenAI-compatible HTTP server.</summary>
public sealed record HttpServerOptions
{
    /// <summary>The IP address on which the server listens.</summary>
    /// <value>Default: the loopback address, since the server has no TLS.</value>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The TCP port on which the server listens. Port 0 takes a free port.</summary>
    /// <value>In [0, 65535]. Default: 8000.</value>
    public int Port { get; init; } = 8000;

    /// <summary>
    /// Whether the server speaks HTTP/2 without TLS, and nothing else. Without TLS a port can speak only one version of HTTP.
    /// </summary>
    /// <value>Default: <c>false</c>, which means HTTP/1.1.</value>
    public bool SpeaksHttp2 { get; init; }

    /// <summary>The key that clients must send as a bearer token; <c>null</c> for no key. The server never logs it.</summary>
    public string? ApiKey { get; init; }

    /// <summary>The size of the largest request body that the server accepts, in bytes.</summary>
    /// <value>Default: 32 MiB.</value>
    public long MaxBodyBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>The time for which requests in flight may go on after a stop, in seconds.</summary>
    /// <value>At least 0. Default: 5.</value>
    public double StopGraceSeconds { get; init; } = 5;

    /// <summary>Whether the engine's own thread writes the chunks of a stream.</summary>
    /// <remarks>
    /// This is right for an engine with fixed send times, whose send log then holds the very moment of each send. It is wrong for
    /// inference, whose steps it would delay.
    /// </remarks>
    /// <value>Default: <c>false</c>.</value>
    public bool SendsInline { get; init; }

    /// <summary>The log to which the server adds each send; <c>null</c> for no log.</summary>
    public SendLog? SendLog { get; init; }

    /// <summary>The faults that the server makes on purpose; <c>null</c> for none.</summary>
    public FaultPlan? Faults { get; init; }

    /// <summary>The energy of a simulated engine, which the server shows in its metrics; <c>null</c> for none.</summary>
    public SimulatedMeter? Meter { get; init; }

    /// <summary>The clock of the send log, of the metrics and of the stop grace.</summary>
    /// <value>Default: <see cref="TimeProvider.System"/>.</value>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
