using GreenServe.Serving.Load;
using GreenServe.Serving.Transport;

namespace GreenServe.Serving.OpenAi;

/// <summary>
/// Sends a request again where the server had closed its connection before the request arrived: the server never had the request then.
/// </summary>
internal static class StaleConnection
{
    /// <summary>
    /// Longest time after sending at which the end of a reused connection still means that the server had closed it before. The news is
    /// on its way already then, and takes a trip through the network. A later end comes from a server that had the request.
    /// </summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Largest number of times that a request is sent. A server that closes every connection at its second request needs one more than
    /// there are open connections without a request; more than this speaks of another fault.
    /// </summary>
    private const int MaxAttempts = 16;

    /// <summary>Bytes with which a peer says goodbye under TLS: an alert of one record. The head of an answer is longer.</summary>
    private const int MaxGoodbyeBytes = 32;

    /// <summary>Sends a request. Each attempt uses up one open connection, so that one of the next is on a new one.</summary>
    /// <param name="trace">The trace of the request, which knows its connection.</param>
    /// <param name="address">The address of the server.</param>
    /// <param name="send">Sends the request once.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    internal static async Task SendAsync(RequestTrace trace, Uri address, Func<Task> send, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            ((ITransportUser)trace).Connection = null;
            long asked = TimeProvider.System.GetTimestamp();
            try
            {
                await send().ConfigureAwait(false);
                return;
            }
            catch (HttpRequestException) when (
                attempt < MaxAttempts && WasMet(trace, address, asked) && !cancellationToken.IsCancellationRequested)
            {
                trace.SendAfresh();
            }
        }
    }

    /// <summary>Whether a request failed because its connection, opened or used before, ended before any byte of its answer.</summary>
    private static bool WasMet(RequestTrace trace, Uri address, long asked)
    {
        int goodbye = address.Scheme == Uri.UriSchemeHttps ? MaxGoodbyeBytes : 0;
        return ((ITransportUser)trace).Connection is { } connection
            && (connection.OpenedTimestamp < asked || connection.HasAnswered)
            && connection.BytesSinceWrite <= goodbye
            && TimeProvider.System.GetElapsedTime(asked) < Limit;
    }
}
