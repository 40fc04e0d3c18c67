using GreenServe.Records;
using GreenServe.Records.Http;
using GreenServe.Records.Runs;
using GreenServe.Serving.Load;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Serving.OpenAi;

/// <summary>The endpoints that serve a run: usually one, or several of the same server and model among which requests are spread.</summary>
/// <remarks>
/// Each request is written once, by the first endpoint. Whichever endpoint is chosen when it is due writes its own head in front of it.
/// With several endpoints the server id of a request is the address of its endpoint.
/// </remarks>
public sealed class EndpointGroup : IServingBackend
{
    private readonly OpenAiBackend[] backends;
    private readonly string[] names;
    private readonly int[] inFlight;
    private readonly EndpointBalance balance;

    private EndpointGroup(OpenAiBackend[] backends, Uri[] endpoints, EndpointBalance balance)
    {
        this.backends = backends;
        this.balance = balance;
        names = [.. endpoints.Select(endpoint => endpoint.Authority)];
        inFlight = new int[backends.Length];
        int room = backends.Max(backend => backend.HeadBytes);
        backends[0].ReservedHeadBytes = backends.Length > 1 ? room : 0;
    }

    /// <summary>Description of the server. All endpoints have the same; the context is the shortest that one of them has.</summary>
    public ServerDescription Server => backends[0].Server with { ContextTokens = backends.Min(backend => backend.Server.ContextTokens) };

    /// <summary>Number of endpoints.</summary>
    public int Count => backends.Length;

    /// <summary>What sends the requests: the endpoint itself where there is only one.</summary>
    public IServingBackend Backend => backends.Length == 1 ? backends[0] : this;

    /// <summary>What the user should know of the servers, one sentence each; empty if there is nothing.</summary>
    public IReadOnlyList<string> Notices => [.. backends.SelectMany(backend => backend.Notices).Distinct()];

    /// <summary>Opens every endpoint and asks it what it is.</summary>
    /// <param name="options">Where and how to reach the servers.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <param name="waiting">Receives a sentence while a server is not ready; <c>null</c> for nobody.</param>
    /// <exception cref="UnavailableException">
    /// A server cannot be reached or does not serve the model, or the endpoints are not the same kind of server.
    /// </exception>
    public static async Task<EndpointGroup> OpenAsync(
        OpenAiOptions options, CancellationToken cancellationToken, IProgress<string>? waiting = null)
    {
        List<OpenAiBackend> opened = [];
        try
        {
            opened.Add(await OpenAiBackend.OpenAsync(options, cancellationToken, waiting).ConfigureAwait(false));
            ServerDescription first = opened[0].Server;
            foreach (Uri endpoint in options.FurtherEndpoints)
            {
                OpenAiOptions further = options with { Endpoint = endpoint, Model = first.Model, Salt = first.Salt };
                OpenAiBackend backend = await OpenNamedAsync(further, cancellationToken, waiting).ConfigureAwait(false);
                opened.Add(backend);
                RequireAlike(options.Endpoint, first, endpoint, backend.Server);
            }

            return new EndpointGroup([.. opened], [options.Endpoint, .. options.FurtherEndpoints], options.Balance);
        }
        catch
        {
            foreach (OpenAiBackend backend in opened)
            {
                await backend.DisposeAsync().ConfigureAwait(false);
            }

            throw;
        }
    }

    /// <summary>The addresses of a path of each server.</summary>
    /// <param name="path">The path, relative to the root of the server.</param>
    public IReadOnlyList<Uri> AddressesOf(string path) => [.. backends.Select(backend => backend.AddressOf(path))];

    /// <summary>What a record must say of the requests of a schedule besides the workload, one sentence each.</summary>
    /// <param name="schedule">The schedule that is sent.</param>
    public IReadOnlyList<string> NotesOn(RequestSchedule schedule)
    {
        IEnumerable<string> notes = backends.SelectMany(backend => backend.NotesOn(schedule)).Distinct();
        return backends.Length == 1 ? [.. notes] :
        [
            .. notes,
            $"{backends.Length} endpoints, {(balance == EndpointBalance.RoundRobin ? "round robin" : "least in flight")}: "
                + $"{string.Join(", ", names)}; the server's metrics are those of the first",
        ];
    }

    /// <inheritdoc />
    public PreparedRequest Prepare(ScheduledRequest request) => backends[0].Prepare(request);

    /// <inheritdoc />
    public Task OpenConnectionsAsync(int count, CancellationToken cancellationToken)
    {
        int each = (count + backends.Length - 1) / backends.Length;
        return Task.WhenAll(backends.Select(backend => backend.OpenConnectionsAsync(each, cancellationToken)));
    }

    /// <inheritdoc />
    public async Task ServeAsync(PreparedRequest request, RequestTrace trace, CancellationToken cancellationToken)
    {
        int chosen = Choose(request.Request.Id);
        Interlocked.Increment(ref inFlight[chosen]);
        try
        {
            if (chosen > 0)
            {
                backends[chosen].TakeOver((OpenAiRequest)request);
            }

            await backends[chosen].ServeAsync(request, trace, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref inFlight[chosen]);
            trace.ServerId = names[chosen];
        }
    }

    /// <inheritdoc />
    public ReadingSelfCheck CheckReading()
    {
        ReadingSelfCheck[] checks = [.. backends.Select(backend => backend.CheckReading())];
        LatencyHistogram? lags = checks[0].ReceiveLags;
        foreach (ReadingSelfCheck further in checks[1..])
        {
            if (further.ReceiveLags is { } more)
            {
                lags?.Add(more);
            }
        }

        return new ReadingSelfCheck(checks[0].ReceiptClock, lags, checks.Max(check => check.BusySeconds));
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (OpenAiBackend backend in backends)
        {
            await backend.DisposeAsync().ConfigureAwait(false);
        }
    }

    private int Choose(long request)
    {
        if (balance == EndpointBalance.RoundRobin)
        {
            return (int)(request % backends.Length);
        }

        int least = 0;
        for (int index = 1; index < inFlight.Length; index++)
        {
            least = Volatile.Read(ref inFlight[index]) < Volatile.Read(ref inFlight[least]) ? index : least;
        }

        return least;
    }

    /// <summary>Opens an endpoint. Where several are asked, a failure must say which one failed.</summary>
    private static async Task<OpenAiBackend> OpenNamedAsync(
        OpenAiOptions options, CancellationToken cancellationToken, IProgress<string>? waiting)
    {
        try
        {
            return await OpenAiBackend.OpenAsync(options, cancellationToken, waiting).ConfigureAwait(false);
        }
        catch (UnavailableException exception)
            when (!exception.Message.Contains(options.Endpoint.Authority, StringComparison.Ordinal))
        {
            throw new UnavailableException($"{HttpAddress.Shown(options.Endpoint)}: {exception.Message}");
        }
    }

    /// <summary>A request that one endpoint wrote must be one that the others take.</summary>
    private static void RequireAlike(Uri firstEndpoint, ServerDescription first, Uri endpoint, ServerDescription other)
    {
        if (Kind(first) != Kind(other))
        {
            throw new UnavailableException(
                $"{HttpAddress.Shown(endpoint)} is another kind of server than {HttpAddress.Shown(firstEndpoint)}: "
                + "the endpoints of a run must have the same dialect, take prompts in the same way, and be simulated or not alike.");
        }

        if (other.OtherModels is { } models && models != first.OtherModels)
        {
            throw new UnavailableException(
                $"{HttpAddress.Shown(endpoint)} does not list {other.Model}; it has {models}: "
                + "the endpoints of a run must serve one model.");
        }

        static (Dialects.DialectName, bool, bool, bool, bool, bool) Kind(ServerDescription server) => (
            server.Dialect, server.SendsTokenIds, server.FixesOutput, server.IsChat, server.LimitsCompletion, server.IsSimulated);
    }
}
