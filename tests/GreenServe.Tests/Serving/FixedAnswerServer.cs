using System.Net;
using System.Net.Sockets;
using System.Text;

namespace GreenServe.Tests.Serving;

/// <summary>A server that sends the same bytes in answer to every request, whatever it is asked.</summary>
internal sealed class FixedAnswerServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly byte[] answer;
    private readonly Task serving;

    internal FixedAnswerServer(string answer)
    {
        this.answer = Encoding.UTF8.GetBytes(answer);
        listener.Start();
        serving = ServeAsync();
    }

    internal Uri Address => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        listener.Dispose();
        stop.Dispose();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            _ = AnswerAsync(await listener.AcceptSocketAsync(stop.Token));
        }
    }

    private async Task AnswerAsync(Socket socket)
    {
        using (socket)
        {
            byte[] request = new byte[64 * 1024];
            try
            {
                // The client sends a small request in one piece.
                while (await socket.ReceiveAsync(request, stop.Token) > 0)
                {
                    await socket.SendAsync(answer, stop.Token);
                }
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException)
            {
                // The client has closed the connection, or the test is over.
            }
        }
    }
}
