using System.Net;
using System.Net.Sockets;
using System.Text;

namespace GreenServe.Tests.Serving.OpenAi;

/// <summary>A server on the loopback that does with each request what a test says.</summary>
/// <remarks>It reads a request whole before it asks the script, and closes a connection when the script says so.</remarks>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly Func<ScriptedRequest, Task<ScriptedAnswer>> script;
    private readonly Task serving;
    private int connections;
    private int posts;

    internal ScriptedServer(Func<ScriptedRequest, ScriptedAnswer> script)
        : this(request => Task.FromResult(script(request)))
    {
    }

    internal ScriptedServer(Func<ScriptedRequest, Task<ScriptedAnswer>> script)
    {
        this.script = script;
        listener.Start();
        serving = AcceptAsync();
    }

    internal Uri Address => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");

    internal int Connections => Volatile.Read(ref connections);

    internal int Posts => Volatile.Read(ref posts);

    /// <summary>A whole streamed answer of one token to a prompt of 16 tokens.</summary>
    internal static ScriptedAnswer OneToken { get; } = ScriptedAnswer.Of(
        200,
        "data: {\"choices\":[{\"text\":\" a\",\"index\":0,\"finish_reason\":\"length\"}],"
        + "\"usage\":{\"prompt_tokens\":16,\"completion_tokens\":1}}\n\ndata: [DONE]\n\n",
        "text/event-stream");

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        listener.Dispose();
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            Socket socket = await listener.AcceptSocketAsync(stop.Token);
            _ = ServeAsync(socket, Interlocked.Increment(ref connections));
        }
    }

    private async Task ServeAsync(Socket socket, int connection)
    {
        using (socket)
        {
            try
            {
                for (int number = 1; await ReadAsync(socket) is { } request; number++)
                {
                    Interlocked.Add(ref posts, request.Head.StartsWith("POST", StringComparison.Ordinal) ? 1 : 0);
                    ScriptedAnswer answer = await script(request with { Connection = connection, NumberOnConnection = number });
                    await socket.SendAsync(answer.Bytes, SocketFlags.None, stop.Token);
                    while (answer.ThenForEver is { } piece)
                    {
                        await socket.SendAsync(piece, SocketFlags.None, stop.Token);
                    }

                    if (answer.Closes)
                    {
                        return;
                    }
                }
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException)
            {
                // The client has gone, or the test is over.
            }
        }
    }

    private async Task<ScriptedRequest?> ReadAsync(Socket socket)
    {
        StringBuilder text = new();
        byte[] buffer = new byte[64 * 1024];
        while (true)
        {
            int read = await socket.ReceiveAsync(buffer, SocketFlags.None, stop.Token);
            if (read == 0)
            {
                return null;
            }

            text.Append(Encoding.ASCII.GetString(buffer, 0, read));
            string[] parts = text.ToString().Split("\r\n\r\n", 2);
            if (parts.Length == 2 && parts[1].Length >= LengthOf(parts[0]))
            {
                return new ScriptedRequest(parts[0], parts[1]);
            }
        }
    }

    private static int LengthOf(string head) => head.Split("\r\n")
        .Where(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
        .Select(line => int.Parse(line.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture))
        .FirstOrDefault();
}

/// <summary>One request as the scripted server got it.</summary>
internal sealed record ScriptedRequest(string Head, string Body)
{
    internal int Connection { get; init; }

    internal int NumberOnConnection { get; init; }

    internal string Path => Head.Split(' ')[1];

    internal bool HasTokenIds => Body.Contains("\"prompt\":[", StringComparison.Ordinal);
}

/// <summary>The bytes of an answer, and what becomes of the connection after them.</summary>
internal sealed record ScriptedAnswer(byte[] Bytes)
{
    internal bool Closes { get; init; }

    /// <summary>What is sent again and again after the answer; <c>null</c> for nothing.</summary>
    internal byte[]? ThenForEver { get; init; }

    internal static ScriptedAnswer HangUp { get; } = new([]) { Closes = true };

    internal static ScriptedAnswer Of(int status, string body, string type = "application/json") => Of(
        $"HTTP/1.1 {status} X\r\nContent-Type: {type}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");

    /// <summary>An answer as it goes over the wire, head included.</summary>
    internal static ScriptedAnswer Of(string text) => new(Encoding.UTF8.GetBytes(text));
}

/// <summary>Lets as many requests go on as it was made for, when all of them have arrived.</summary>
internal sealed class Gathering(int count)
{
    private readonly TaskCompletionSource complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int missing = count;

    internal Task ArriveAsync()
    {
        if (Interlocked.Decrement(ref missing) == 0)
        {
            complete.SetResult();
        }

        return complete.Task;
    }
}
