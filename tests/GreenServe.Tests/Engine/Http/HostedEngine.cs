using GreenServe.Engine.Http;

namespace GreenServe.Tests.Engine.Http;

/// <summary>A scripted engine behind the HTTP server, with a client, for each test of a class.</summary>
public abstract class HostedEngine : IAsyncLifetime
{
    private protected HostedEngine(HttpServerOptions options) => Options = options;

    /// <summary>The options of the server.</summary>
    private protected HttpServerOptions Options { get; }

    /// <summary>The engine, whose tokens a test decides.</summary>
    private protected ScriptedEngine Engine { get; init; } = new();

    /// <summary>A client whose relative addresses lead to the server.</summary>
    private protected HttpClient Client { get; } = new();

    /// <summary>The server.</summary>
    private protected HttpServer Server { get; private set; } = null!;

    /// <inheritdoc />
    public async Task InitializeAsync()
    {
        Server = await HttpServer.StartAsync(Engine, Options);
        Client.BaseAddress = Server.Address;
    }

    /// <inheritdoc />
    public async Task DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
        await Engine.DisposeAsync();
    }
}
